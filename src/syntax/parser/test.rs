//! Decision tests.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::syntax::ast::{
    Check, ConsentPath, Expected, ExprKind, Given, Literal, Moment, Name, Property, Spanned, StatementKind, TestAction,
    TestCase, TestLines, TestMoment,
};

impl Lower<'_> {
    /// `test "Sam scores 7" { … }`
    pub fn test(&mut self, pair: &Pair<'_>) -> Option<StatementKind> {
        let name = self.text(&child(pair, Rule::text)?);
        let lines = self.test_lines(pair)?;
        let cases = inner(pair).filter(|part| part.as_rule() == Rule::test_case);
        let cases = cases.map(|case| {
            let name = self.text(&child(&case, Rule::text)?);
            Some(TestCase { name, lines: self.test_lines(&case)?, span: self.span(&case) })
        });
        let cases = cases.collect::<Option<_>>()?;
        Some(StatementKind::Test { name, lines, cases })
    }

    /// `check overlap vip, lapsed`
    pub fn check(&mut self, pair: &Pair<'_>) -> Option<StatementKind> {
        let Some(overlap) = child(pair, Rule::overlap) else {
            return Some(StatementKind::Check(Check::EveryCampaignReachable));
        };
        let mut names = self.words(&overlap).into_iter();
        Some(StatementKind::Check(Check::Overlap(names.next()?, names.next()?)))
    }

    fn test_lines(&mut self, pair: &Pair<'_>) -> Option<TestLines> {
        let mut lines = TestLines::default();
        for line in inner(pair) {
            match line.as_rule() {
                Rule::now_line => {
                    let now = self.moment_in(&line)?;
                    match &lines.now {
                        Some(first) => self.repeated("now", first.span, now.span),
                        None => lines.now = Some(now),
                    }
                }
                Rule::on_line => {
                    let first = lines.on.first().map(|first| first.span);
                    let slots = inner(&line).filter(|part| part.as_rule() == Rule::dotted);
                    lines.on.extend(slots.map(|slot| self.dotted(&slot)));
                    if let Some(first) = first {
                        self.repeated("on", first, self.span(&line));
                    }
                }
                Rule::given_line => {
                    for given in inner(&line).filter(|part| part.as_rule() != Rule::kw_given) {
                        lines.given.push(Spanned { node: self.given(&given)?, span: self.span(&given) });
                    }
                }
                Rule::expect_line => {
                    for expected in inner(&line).filter(|part| part.as_rule() != Rule::kw_expect) {
                        lines.expect.push(Spanned { node: self.expected(&expected)?, span: self.span(&expected) });
                    }
                }
                Rule::why_not => {
                    let action = self.test_action(&child(&line, Rule::test_action)?)?;
                    let code = self.name(&child(&line, Rule::word)?);
                    let node = Expected::WhyNot { action, code };
                    lines.expect.push(Spanned { node, span: self.span(&line) });
                }
                _ => {}
            }
        }
        Some(lines)
    }

    fn given(&mut self, pair: &Pair<'_>) -> Option<Given> {
        let words = self.words(pair);
        let moment = child(pair, Rule::moment).map(|moment| self.test_moment(&moment));
        let moment = moment.map_or(Some(None), |moment| moment.map(Some))?;
        let mut words = words.into_iter();
        Some(match pair.as_rule() {
            Rule::in_segment => {
                let (negated, segment) = self.segment_named(pair)?;
                Given::Segment { negated, segment }
            }
            Rule::given_consent => {
                let consent = ConsentPath { channel: words.next()?, purpose: words.next()? };
                let until = self.until(pair)?;
                Given::Consent { negated: child(pair, Rule::no).is_some(), consent, until }
            }
            Rule::given_value => {
                let path: Vec<Name> = words.collect();
                let span = path.first()?.span.to(path.last()?.span);
                let value = self.expr(&child(pair, Rule::arith)?)?;
                Given::Value { path: Spanned { node: path, span }, value, moment }
            }
            Rule::given_none => Given::None { event: words.next()? },
            Rule::given_contact => {
                let (outcome, channel) = (words.next()?, words.next());
                let action = self.test_action(&child(pair, Rule::test_action)?)?;
                Given::Contact { outcome, action, channel, moment: moment? }
            }
            _ => {
                let count = child(pair, Rule::int).map(|count| self.int(&count));
                let mut properties = Vec::new();
                for property in child(pair, Rule::properties).iter().flat_map(inner) {
                    if property.as_rule() == Rule::property {
                        let name = self.name(&child(&property, Rule::word)?);
                        let value = self.expr(&child(&property, Rule::arith)?)?;
                        properties.push(Property { name, value });
                    }
                }
                Given::Events { count, event: words.next()?, properties, moment }
            }
        })
    }

    fn expected(&mut self, pair: &Pair<'_>) -> Option<Expected> {
        Some(match pair.as_rule() {
            Rule::expect_nothing => {
                let because = child(pair, Rule::word).map(|word| self.name(&word));
                Expected::Nothing { because, until: self.until(pair)? }
            }
            Rule::in_segment => {
                let (negated, segment) = self.segment_named(pair)?;
                Expected::Segment { negated, segment }
            }
            Rule::expect_missing => Expected::Value { name: self.name(&child(pair, Rule::name)?), value: None },
            Rule::expect_value => {
                let name = self.name(&child(pair, Rule::name)?);
                Expected::Value { name, value: Some(self.expr(&child(pair, Rule::arith)?)?) }
            }
            _ => Expected::Action(self.test_action(pair)?),
        })
    }

    fn segment_named(&mut self, pair: &Pair<'_>) -> Option<(bool, Name)> {
        match self.in_segment(pair)? {
            ExprKind::InSegment { negated, segment } => Some((negated, segment)),
            _ => None,
        }
    }

    /// `shop.daily.pick["boots"]`
    fn test_action(&mut self, pair: &Pair<'_>) -> Option<TestAction> {
        let path = self.dotted(&child(pair, Rule::dotted)?);
        let row = match child(pair, Rule::test_row) {
            Some(row) => Some(self.expr(&child(&row, Rule::arith)?)?),
            None => None,
        };
        Some(TestAction { path, row, span: self.span(pair) })
    }

    /// `service.care.apology`
    fn dotted(&self, pair: &Pair<'_>) -> Spanned<Vec<Name>> {
        Spanned { node: self.words(pair), span: self.span(pair) }
    }

    /// The names and words directly in a pair.
    fn words(&self, pair: &Pair<'_>) -> Vec<Name> {
        let words = inner(pair).filter(|part| matches!(part.as_rule(), Rule::word | Rule::name));
        words.map(|word| self.name(&word)).collect()
    }

    fn test_moment(&mut self, pair: &Pair<'_>) -> Option<Spanned<TestMoment>> {
        let node = match child(pair, Rule::quantity) {
            Some(quantity) => TestMoment::Ago(self.duration(&quantity, "given").node),
            None => TestMoment::At(self.moment_in(pair)?.node),
        };
        Some(Spanned { node, span: self.span(pair) })
    }

    /// `Some(None)` where no `until` is written.
    fn until(&mut self, pair: &Pair<'_>) -> Option<Option<Spanned<Moment>>> {
        child(pair, Rule::until_moment).map_or(Some(None), |until| self.moment_in(&until).map(Some))
    }

    fn moment_in(&mut self, pair: &Pair<'_>) -> Option<Spanned<Moment>> {
        let instant = child(pair, Rule::instant)?;
        match self.instant(&instant) {
            Literal::Instant(node) => Some(Spanned { node, span: self.span(&instant) }),
            _ => None,
        }
    }
}
