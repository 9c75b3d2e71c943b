//! Lines of contact policies.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::syntax::ast::{
    Block, Cap, CapPeriod, Contacted, Expr, Level, Limit, Literal, Name, Otherwise, Part, PerDecision, PolicyLine,
    Prefer, Quiet, Rest, Spanned,
};
use crate::time::{CalendarUnit, TimeOfDay};

impl Lower<'_> {
    /// The lines of a policy.
    pub(super) fn policy(&mut self, pair: &Pair<'_>) -> Option<Vec<Spanned<PolicyLine>>> {
        let mut lines = Vec::new();
        for line in inner(pair) {
            let node = match line.as_rule() {
                Rule::cap => PolicyLine::Cap(self.cap(&line)?),
                Rule::quiet => PolicyLine::Quiet(self.quiet(&line)?),
                Rule::rest => PolicyLine::Rest(self.rest(&line)?),
                Rule::block => PolicyLine::Block(self.block(&line)?),
                Rule::limit => {
                    PolicyLine::Limit(PerDecision { each: level(&line)?, most: self.int(&child(&line, Rule::int)?) })
                }
                Rule::prefer => PolicyLine::Prefer(self.prefer(&line)?),
                _ => continue,
            };
            lines.push(Spanned { node, span: self.span(&line) });
        }
        Some(lines)
    }

    fn prefer(&mut self, pair: &Pair<'_>) -> Option<Prefer> {
        let channel = self.expr(&child(pair, Rule::arith)?)?;
        let otherwise = child(pair, Rule::prefer_else).and_then(|other| child(&other, Rule::name));
        Some(Prefer { channel, otherwise: otherwise.map(|name| self.name(&name)) })
    }

    fn cap(&mut self, pair: &Pair<'_>) -> Option<Cap> {
        Some(Cap {
            kind: contacted(pair)?,
            of: child(pair, Rule::cap_of).map(|of| self.part(&of)),
            channel: child(pair, Rule::name).map(|name| self.name(&name)),
            limit: self.limit(&child(pair, Rule::cap_limit)?)?,
        })
    }

    /// `program winback`, `come_back.gift`
    fn part(&mut self, pair: &Pair<'_>) -> Part {
        let names = inner(pair).filter(|part| part.as_rule() == Rule::word);
        let names: Vec<Name> = names.map(|word| self.name(&word)).collect();
        let span = match (names.first(), names.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => self.span(pair),
        };
        Part { level: level(pair), path: Spanned { node: names, span } }
    }

    fn limit(&mut self, pair: &Pair<'_>) -> Option<Spanned<Limit>> {
        let span = self.span(pair);
        if child(pair, Rule::never).is_some() {
            return Some(Spanned { node: Limit::Never, span });
        }
        let count = self.int(&child(pair, Rule::int)?);
        let period = match child(pair, Rule::per_calendar) {
            Some(per) => CapPeriod::Calendar(CalendarUnit::parse(child(&per, Rule::calendar_unit)?.as_str())?),
            None => CapPeriod::Rolling(self.duration(&child(pair, Rule::quantity)?, "in any")),
        };
        let own = match child(pair, Rule::own_limit) {
            Some(own) => Some(Box::new(self.primary(&child(&own, Rule::path)?)?)),
            None => None,
        };
        let per = child(pair, Rule::per_whom).and_then(|per| child(&per, Rule::word)).map(|word| self.name(&word));
        Some(Spanned { node: Limit::AtMost { count, own, period, zone: self.zone(pair), per }, span })
    }

    fn quiet(&mut self, pair: &Pair<'_>) -> Option<Quiet> {
        let clocks = inner(pair).filter(|part| part.as_rule() == Rule::clock);
        let mut clocks = clocks.map(|clock| self.time_of_day(&clock)).collect::<Vec<_>>().into_iter();
        let (from, to) = (clocks.next()?, clocks.next()?);
        let zone = self.zone(pair);
        let channels = inner(pair).filter(|part| part.as_rule() == Rule::name).map(|name| self.name(&name)).collect();
        let waits = child(pair, Rule::wait_or_drop)?.as_str().eq_ignore_ascii_case("wait");
        let otherwise = if waits { Otherwise::Wait } else { Otherwise::Drop };
        Some(Quiet { from, to, zone, channels, otherwise })
    }

    fn time_of_day(&mut self, pair: &Pair<'_>) -> Spanned<TimeOfDay> {
        let node = match self.clock(pair) {
            Literal::Time(time) => time,
            _ => TimeOfDay::MIN,
        };
        Spanned { node, span: self.span(pair) }
    }

    fn rest(&mut self, pair: &Pair<'_>) -> Option<Rest> {
        let mut quantities = inner(pair).filter(|part| part.as_rule() == Rule::quantity);
        let (length, within) = (quantities.next()?, quantities.next()?);
        let without = child(pair, Rule::rest_without).and_then(|without| child(&without, Rule::word));
        Some(Rest {
            each: level(pair)?,
            length: self.duration(&length, "rest each action"),
            count: self.int(&child(pair, Rule::int)?),
            outcome: self.name(&child(pair, Rule::word)?),
            within: self.duration(&within, "within"),
            without: without.map(|word| self.name(&word)),
        })
    }

    fn block(&mut self, pair: &Pair<'_>) -> Option<Block> {
        let when: Expr = self.only_expr(pair)?;
        Some(Block { kind: contacted(pair)?, when, because: self.because(pair) })
    }
}

fn contacted(pair: &Pair<'_>) -> Option<Contacted> {
    let word = child(pair, Rule::contacted)?;
    let kinds = [Contacted::Marketing, Contacted::Offer, Contacted::Message];
    kinds.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word.as_str()))
}

fn level(pair: &Pair<'_>) -> Option<Level> {
    let word = child(pair, Rule::level)?;
    let levels = [Level::Action, Level::Campaign, Level::Program];
    levels.into_iter().find(|level| level.word().eq_ignore_ascii_case(word.as_str()))
}
