//! `within 30 days`, `from 60 days ago to 30 days ago`, `this month`.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::syntax::ast::{Duration, Spanned, Window};
use crate::time::{CalendarUnit, CivilWindow, Date};

/// One end of `from … to …`.
enum Bound {
    Day(Option<Date>),
    Ago(Duration),
}

impl Lower<'_> {
    /// A window.
    pub fn window(&mut self, pair: &Pair<'_>) -> Option<Window> {
        let span = self.span(pair);
        let form = inner(pair).next()?;
        let node = match form.as_rule() {
            Rule::window_last => CivilWindow::Last(self.window_length(&form)?),
            Rule::window_next => CivilWindow::Next(self.window_length(&form)?),
            Rule::window_short => self.window_short(&form, span)?,
            Rule::window_from => self.window_from(&form, span)?,
            Rule::window_since => CivilWindow::Dates { from: self.only_day(&form), to: None },
            Rule::window_until => match self.bound(&child(&form, Rule::bound)?)? {
                Bound::Day(to) => CivilWindow::Dates { from: None, to },
                Bound::Ago(d) => CivilWindow::UntilAgo(d),
            },
            Rule::window_day if form.as_str().eq_ignore_ascii_case("today") => CivilWindow::Today,
            Rule::window_day => CivilWindow::Yesterday,
            Rule::window_this => CivilWindow::This(calendar_unit(&form)?),
            Rule::window_previous => CivilWindow::Previous(calendar_unit(&form)?),
            Rule::window_full => self.window_full(&form)?,
            _ => return None,
        };
        Some(Spanned { node, span })
    }

    fn window_length(&mut self, form: &Pair<'_>) -> Option<Duration> {
        let quantity = child(form, Rule::quantity)?;
        let start = form.as_span().start();
        let words = self.text.get(start..quantity.as_span().start()).unwrap_or("within");
        let words: Vec<&str> = words.split_whitespace().collect();
        Some(self.duration(&quantity, &words.join(" ")).node)
    }

    /// `last 30 days`: readable, but `last` alone is followed by a calendar unit.
    fn window_short(&mut self, form: &Pair<'_>, span: Span) -> Option<CivilWindow<Duration>> {
        let quantity = child(form, Rule::quantity)?;
        let length = self.duration(&quantity, "within");
        let amount = self.slice(length.span);
        let mended = format!("within {amount}");
        self.report(
            Diagnostic::error(Code::WrongWindow, span, format!("`last {amount}` can be understood in two ways"))
                .label("up to now, or whole calendar months?")
                .help(format!("write `{mended}` to count back from now, or `last 3 full months`"))
                .suggest(span, mended),
        );
        Some(CivilWindow::Last(length.node))
    }

    fn window_full(&mut self, form: &Pair<'_>) -> Option<CivilWindow<Duration>> {
        let count = self.int(&child(form, Rule::int)?);
        let unit = calendar_unit(form)?;
        let count = u32::try_from(count.node).unwrap_or_else(|_| {
            self.fail(Diagnostic::error(Code::BadNumber, count.span, "this period is too long"));
            0
        });
        Some(CivilWindow::LastFull { count, unit })
    }

    fn only_day(&mut self, form: &Pair<'_>) -> Option<Date> {
        let day = inner(form).next_back()?;
        self.day(&day)
    }

    fn window_from(&mut self, form: &Pair<'_>, span: Span) -> Option<CivilWindow<Duration>> {
        let mut bounds = inner(form).filter(|pair| pair.as_rule() == Rule::bound);
        let (first, second) = (bounds.next()?, bounds.next()?);
        let (first_at, second_at) = (self.span(&first), self.span(&second));
        let from = self.bound(&first)?;
        let to = self.bound(&second)?;
        let (window, reversed) = match (from, to) {
            (Bound::Day(from), Bound::Day(to)) => {
                let reversed = from.zip(to).is_some_and(|(from, to)| from > to);
                (CivilWindow::Dates { from, to }, reversed)
            }
            (Bound::Ago(from), Bound::Ago(to)) => {
                let reversed = from.period.cmp_approx(&to.period).is_lt();
                (CivilWindow::Ago { from, to }, reversed)
            }
            _ => {
                self.fail(
                    Diagnostic::error(Code::WrongWindow, span, "a day and an amount of time ago do not go together")
                        .label("two of a kind are needed")
                        .help("write `from 2026-01-01 to 2026-01-31` or `from 60 days ago to 30 days ago`"),
                );
                return None;
            }
        };
        if reversed {
            let mended = format!("from {} to {}", self.slice(second_at), self.slice(first_at));
            self.report(
                Diagnostic::error(Code::ReversedBounds, span, "this period ends before it begins")
                    .label("no moment lies in it")
                    .help(format!("write `{mended}`"))
                    .suggest(span, mended),
            );
        }
        Some(window)
    }

    fn bound(&mut self, pair: &Pair<'_>) -> Option<Bound> {
        let first = inner(pair).next()?;
        if first.as_rule() != Rule::quantity {
            return Some(Bound::Day(self.day(&first)));
        }
        let duration = self.duration(&first, "from");
        if child(pair, Rule::ago).is_none() && !duration.node.parts.is_empty() {
            let end = Span { start: duration.span.end, ..duration.span };
            let diagnostic =
                Diagnostic::error(Code::WrongWindow, duration.span, "`ago` is missing after this amount of time");
            let help = format!("write `{} ago`", self.slice(duration.span));
            self.fail(diagnostic.suggest(end, " ago").help(help));
        }
        Some(Bound::Ago(duration.node))
    }
}

fn calendar_unit(form: &Pair<'_>) -> Option<CalendarUnit> {
    CalendarUnit::parse(child(form, Rule::calendar_unit)?.as_str())
}
