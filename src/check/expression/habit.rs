//! What a customer's activity does over time: `lifecycle`, `stopped`, `restarted`.

use super::Checker;
use crate::check::tree::{Clause, Expr, Kind, Window};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Type;
use crate::syntax::ast::{Duration, EventClause, Habit, Spanned};
use crate::time::{CivilWindow, Period};

/// The stages of `lifecycle`, in the order of their numbers.
pub const STAGES: [&str; 6] = ["never", "new", "returning", "resurrected", "dormant", "lapsed"];

impl Checker<'_> {
    pub(super) fn habit(
        &mut self,
        habit: Habit,
        clause: &EventClause,
        periods: &[Spanned<Duration>],
        span: Span,
    ) -> Option<Expr> {
        self.timed(clause, &format!("`{}`", habit.word()))?;
        if let Some(window) = &clause.window {
            let message = format!("`{}` looks at all of the history", habit.word());
            return self.fail(
                Diagnostic::error(Code::WrongArguments, window.span, message)
                    .label("no window is needed")
                    .help("leave it out: the amounts of time say it all"),
            );
        }
        let clause = self.clause_without_property(clause)?;
        match (habit, periods) {
            (Habit::Lifecycle, [period]) => self.lifecycle(clause, period, span),
            (Habit::Stopped | Habit::Restarted, [short, long]) => self.pause(habit, clause, short, long, span),
            (Habit::Lifecycle, _) => self.fail(
                Diagnostic::error(Code::WrongArguments, span, "`lifecycle` takes one amount of time")
                    .help("write `lifecycle(order, 30 days)`"),
            ),
            (_, _) => {
                let word = habit.word();
                self.fail(
                    Diagnostic::error(Code::WrongArguments, span, format!("`{word}` takes two amounts of time"))
                        .label("how long the pause, and how far back before it")
                        .help(format!("write `{word}(visit, 14 days, 60 days)`")),
                )
            }
        }
    }

    fn lifecycle(&mut self, clause: Clause, period: &Spanned<Duration>, span: Span) -> Option<Expr> {
        let length = period.node.period;
        let Some(twice) = twice(length).filter(|_| !length.is_zero()) else {
            return self.fail(
                Diagnostic::error(Code::ReversedBounds, period.span, "this period says nothing")
                    .label("too short, or too long"),
            );
        };
        let kind = Kind::Lifecycle { clause, period: length, twice };
        Some(Expr { kind, ty: Type::Enum(STAGES.iter().map(|stage| (*stage).to_owned()).collect()), span })
    }

    /// Both are conjunctions of `any` and `none` over adjacent windows.
    fn pause(
        &mut self,
        habit: Habit,
        clause: Clause,
        short: &Spanned<Duration>,
        long: &Spanned<Duration>,
        span: Span,
    ) -> Option<Expr> {
        let (recent, back) = (short.node.period, long.node.period);
        if recent.is_zero() || recent.cmp_approx(&back).is_ge() {
            return self.fail(
                Diagnostic::error(Code::ReversedBounds, long.span, "this reaches no further back than the pause")
                    .related(short.span, "the pause")
                    .help("the longer amount of time stands last"),
            );
        }
        let any = |window| {
            let clause = Clause { window: Some(Window::Civil(window)), ..clause.clone() };
            Expr { kind: Kind::AnyEvent(clause), ty: Type::Bool, span }
        };
        let none = |window| Expr { kind: Kind::Not(Box::new(any(window))), ty: Type::Bool, span };
        let between = CivilWindow::Ago { from: back, to: recent };
        let all = match habit {
            Habit::Restarted => vec![any(CivilWindow::UntilAgo(back)), none(between), any(CivilWindow::Last(recent))],
            Habit::Stopped | Habit::Lifecycle => vec![any(between), none(CivilWindow::Last(recent))],
        };
        Some(Expr { kind: Kind::And(all), ty: Type::Bool, span })
    }
}

fn twice(period: Period) -> Option<Period> {
    Some(Period {
        months: period.months.checked_mul(2)?,
        days: period.days.checked_mul(2)?,
        millis: period.millis.checked_mul(2)?,
    })
}
