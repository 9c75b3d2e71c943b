//! Points in time against days, amounts of time and windows.

use super::Checker;
use crate::check::tree::{DayRelation, Expr, Kind, Part};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast;
use crate::time::CivilWindow;

impl Checker<'_> {
    /// A subject that is a date or an instant.
    fn point_in_time(&mut self, subject: &ast::Expr) -> Option<Expr> {
        let subject = self.value(subject, None)?;
        if matches!(subject.ty, Type::Date | Type::Instant) {
            return Some(subject);
        }
        self.fail(
            Diagnostic::error(Code::TypeMismatch, subject.span, "a date or a moment is needed here")
                .label(words::this_is(&subject.ty)),
        )
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
        let exact = match checked {
            CivilWindow::Last(d) | CivilWindow::Next(d) | CivilWindow::UntilAgo(d) => d.millis != 0,
            CivilWindow::Ago { from, to } => from.millis != 0 || to.millis != 0,
            _ => false,
        };
        if subject.ty == Type::Date && exact {
            return self.fail(exact_on_date(window.span));
        }
        let back = matches!(
            checked,
            CivilWindow::Last(_)
                | CivilWindow::Ago { .. }
                | CivilWindow::Yesterday
                | CivilWindow::Previous(_)
                | CivilWindow::LastFull { .. }
        );
        if back && matches!(subject.kind, Kind::Anniversary(_)) {
            return self.behind(window.span);
        }
        let kind = Kind::InWindow { subject: Box::new(subject), window: checked };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    pub(super) fn window(&mut self, window: &ast::Window) -> Option<CivilWindow> {
        let checked = window.node.as_ref().map(|duration| duration.period);
        let empty = match checked {
            CivilWindow::Last(d) | CivilWindow::Next(d) => d.is_zero(),
            _ => false,
        };
        if empty {
            return self.fail(
                Diagnostic::error(Code::ReversedBounds, window.span, "nothing happens within no time")
                    .label("no moment lies in this period"),
            );
        }
        Some(checked)
    }
}

fn exact_on_date(span: Span) -> Diagnostic {
    Diagnostic::error(Code::TypeMismatch, span, "a date has no time of day")
        .label("hours, minutes and seconds say nothing about it")
        .help("use days, weeks, months or years")
}
