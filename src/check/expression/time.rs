//! Points in time against days, amounts of time and windows.

use super::Checker;
use crate::check::tree::{DayRelation, Expr, Kind, Part, Window};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, Side, WindowKind};
use crate::time::CivilWindow;

impl Checker<'_> {
    /// A subject that is a date or an instant.
    fn point_in_time(&mut self, subject: &ast::Expr) -> Option<Expr> {
        let subject = self.value(subject, None)?;
        if matches!(subject.ty, Type::Date | Type::Instant) {
            return Some(subject);
        }
        let error = Diagnostic::error(Code::TypeMismatch, subject.span, "a date or a moment is needed here")
            .label(words::this_is(&subject.ty));
        self.fail(match subject.ty {
            Type::Time => {
                error.help("times of day are compared by `<`, `>=` and so on, or by `between 22:00 and 06:00`")
            }
            _ => error,
        })
    }

    /// A moment comes round with its day.
    pub(super) fn anniversary(&mut self, of: &ast::Expr, span: Span) -> Option<Expr> {
        let of = self.point_in_time(of)?;
        let of = match of.ty {
            Type::Instant => {
                Expr { span: of.span, ty: Type::Date, kind: Kind::Part { part: Part::Date, of: Box::new(of) } }
            }
            _ => of,
        };
        Some(Expr { kind: Kind::Anniversary(Box::new(of)), ty: Type::Date, span })
    }

    /// An anniversary is the next one, so that nothing but today lies behind it.
    fn behind<T>(&mut self, span: Span) -> Option<T> {
        self.fail(
            Diagnostic::error(Code::ConstantComparison, span, "an anniversary is never in the past")
                .label("the next one is meant, today at the earliest")
                .help("ask whether it `is today` or `is in the next 7 days`"),
        )
    }

    pub(super) fn older_than(
        &mut self,
        subject: &ast::Expr,
        period: &ast::Spanned<ast::Duration>,
        span: Span,
    ) -> Option<Expr> {
        let subject = self.point_in_time(subject)?;
        let amount = period.node.period;
        if subject.ty == Type::Date && amount.millis != 0 {
            return self.fail(exact_on_date(period.span));
        }
        if matches!(subject.kind, Kind::Anniversary(_)) {
            return self.behind(period.span);
        }
        let kind = Kind::OlderThan { subject: Box::new(subject), period: amount };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    pub(super) fn day(
        &mut self,
        relation: DayRelation,
        subject: &ast::Expr,
        other: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let subject = self.point_in_time(subject);
        let other = self.point_in_time(other);
        let (subject, other) = (subject?, other?);
        if subject.ty == Type::Date && other.ty == Type::Instant {
            let error = self.mismatch(&subject, &other, "compared");
            return self.fail(error.help("take the day of the moment: `date(…)`"));
        }
        if other.ty == Type::Instant && relation == DayRelation::On {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, other.span, "`is on` needs a day")
                    .label("this is a moment")
                    .help("take its day: `date(…)`"),
            );
        }
        let kind = Kind::Day { relation, subject: Box::new(subject), other: Box::new(other) };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    pub(super) fn in_window(&mut self, subject: &ast::Expr, window: &ast::Window, span: Span) -> Option<Expr> {
        let subject = self.point_in_time(subject)?;
        let checked = self.window(window)?;
        let exact = match &checked {
            Window::Civil(CivilWindow::Last(d) | CivilWindow::Next(d) | CivilWindow::UntilAgo(d)) => d.millis != 0,
            Window::Civil(CivilWindow::Ago { from, to }) => from.millis != 0 || to.millis != 0,
            Window::Civil(_) => false,
            Window::Anchored { anchor, .. } if subject.ty == Type::Date && anchor.ty == Type::Instant => {
                let error = self.mismatch(&subject, anchor, "compared");
                return self.fail(error.help("take the day of the moment: `date(…)`"));
            }
            Window::Anchored { length, .. } => length.millis != 0,
        };
        if subject.ty == Type::Date && exact {
            return self.fail(exact_on_date(window.span));
        }
        let back = matches!(
            checked,
            Window::Civil(
                CivilWindow::Last(_)
                    | CivilWindow::Ago { .. }
                    | CivilWindow::UntilAgo(_)
                    | CivilWindow::Yesterday
                    | CivilWindow::Previous(_)
                    | CivilWindow::LastFull { .. }
            )
        );
        if back && matches!(subject.kind, Kind::Anniversary(_)) {
            return self.behind(window.span);
        }
        let kind = Kind::InWindow { subject: Box::new(subject), window: checked };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    pub(super) fn window(&mut self, window: &ast::Window) -> Option<Window> {
        match &window.node {
            WindowKind::Civil(civil) => self.civil(civil, window.span).map(Window::Civil),
            WindowKind::Anchored { length, side, anchor } => self.anchored(length, *side, anchor),
        }
    }

    fn civil(&mut self, window: &CivilWindow<ast::Duration>, span: Span) -> Option<CivilWindow> {
        let checked = window.as_ref().map(|duration| duration.period);
        match checked {
            CivilWindow::Last(d) | CivilWindow::Next(d) if d.is_zero() => self.no_time(span),
            _ => Some(checked),
        }
    }

    fn anchored(&mut self, length: &ast::Spanned<ast::Duration>, side: Side, anchor: &ast::Expr) -> Option<Window> {
        let outside = std::mem::replace(&mut self.anchoring, true);
        let checked = self.point_in_time(anchor);
        self.anchoring = outside;
        let (anchor, period) = (checked?, length.node.period);
        if period.is_zero() {
            return self.no_time(length.span);
        }
        if anchor.ty == Type::Date && period.millis != 0 {
            return self.fail(exact_on_date(length.span).related(anchor.span, "this is a date"));
        }
        Some(Window::Anchored { side, length: period, anchor: Box::new(anchor) })
    }

    fn no_time<T>(&mut self, span: Span) -> Option<T> {
        let error = Diagnostic::error(Code::ReversedBounds, span, "nothing happens within no time");
        self.fail(error.label("no moment lies in this period"))
    }
}

fn exact_on_date(span: Span) -> Diagnostic {
    Diagnostic::error(Code::TypeMismatch, span, "a date has no time of day")
        .label("hours, minutes and seconds say nothing about it")
        .help("use days, weeks, months or years")
}
