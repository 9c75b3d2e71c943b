//! Programs, campaigns and actions.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::diagnostic::Span;
use crate::syntax::ast::{
    Action, ActionKind, Again, Campaign, Clause, ClauseKind, EachRow, Expr, ExprKind, Goal, Name, Since, Spanned,
    StatementKind,
};

impl Lower<'_> {
    /// `program winback { … }`
    pub fn program(&mut self, pair: &Pair<'_>, name: Name) -> Option<StatementKind> {
        let (mut clauses, mut exceptions, mut campaigns) = (Vec::new(), Vec::new(), Vec::new());
        for part in inner(pair) {
            match part.as_rule() {
                Rule::campaign => campaigns.push(self.campaign(&part)?),
                Rule::clause => clauses.push(self.clause(&part)?),
                Rule::exception => exceptions.push(self.exception(&part)?),
                _ => {}
            }
        }
        Some(StatementKind::Program { name, clauses, exceptions, campaigns })
    }

    fn campaign(&mut self, pair: &Pair<'_>) -> Option<Campaign> {
        let span = self.span(pair);
        let mut names = inner(pair).filter(|part| part.as_rule() == Rule::name);
        let (name, segment) = (names.next()?, names.next()?);
        let (name, segment) = (self.name(&name), self.name(&segment));
        // Where nothing is written, the place is just behind the segment.
        let mut again = Spanned { node: Again::Once, span: Span { start: segment.span.end, ..segment.span } };
        let (mut said, mut aimed, mut goal) = (None, None, None);
        let (mut exits, mut clauses, mut actions) = (Vec::new(), Vec::new(), Vec::new());
        let mut exceptions = Vec::new();
        let (mut boosts, mut levers, mut valid) = (Vec::new(), Vec::new(), None);
        let (mut control, mut left_alone) = (None, None);
        for part in inner(pair) {
            match part.as_rule() {
                Rule::again => {
                    again = self.again(&part)?;
                    self.once("again", &mut said, again.span);
                }
                Rule::goal => {
                    let written = self.goal(&part)?;
                    self.once("goal", &mut aimed, written.span);
                    goal = Some(written);
                }
                Rule::control => {
                    let portion = self.portion(&part)?;
                    self.once("control", &mut left_alone, portion.span);
                    control = Some(portion);
                }
                Rule::exit => exits.push(self.step(&child(&part, Rule::step)?)?),
                Rule::clause => clauses.push(self.clause(&part)?),
                Rule::exception => exceptions.push(self.exception(&part)?),
                Rule::action => actions.push(self.action(&part)?),
                Rule::valid_item => self.valid(&part, &mut valid)?,
                Rule::boost_item => boosts.push(self.boost(&part)?),
                Rule::lever_item => levers.push(self.lever(&part)?),
                _ => {}
            }
        }
        Some(Campaign {
            name,
            segment,
            again,
            goal,
            exits,
            control,
            valid,
            boosts,
            levers,
            clauses,
            exceptions,
            actions,
            span,
        })
    }

    fn again(&mut self, pair: &Pair<'_>) -> Option<Spanned<Again>> {
        let span = self.span(pair);
        let form = inner(pair).next()?;
        let node = match form.as_rule() {
            Rule::again_after => Again::After {
                pause: self.duration(&child(&form, Rule::quantity)?, "again after").node,
                since: since(child(&form, Rule::since_word)?.as_str()),
            },
            _ if form.as_str().eq_ignore_ascii_case("every") => Again::Every,
            _ => Again::Once,
        };
        Some(Spanned { node, span })
    }

    fn goal(&mut self, pair: &Pair<'_>) -> Option<Spanned<Goal>> {
        let clause = self.step(&child(pair, Rule::step)?)?;
        let within = self.duration(&child(&child(pair, Rule::gap_limit)?, Rule::quantity)?, "within");
        Some(Spanned { node: Goal { clause, within }, span: self.span(pair) })
    }

    /// What may be said once.
    fn once(&mut self, word: &str, said: &mut Option<Span>, span: Span) {
        if let Some(first) = said.replace(span) {
            self.repeated(word, first, span);
        }
    }

    fn action(&mut self, pair: &Pair<'_>) -> Option<Action> {
        let kind = match child(pair, Rule::action_kind)?.as_str().to_ascii_lowercase().as_str() {
            "offer" => ActionKind::Offer,
            "message" => ActionKind::Message,
            _ => ActionKind::Service,
        };
        let name = self.name(&child(pair, Rule::name)?);
        let rows = child(pair, Rule::each_row).map(|rows| self.each_row(&rows));
        let span = self.span(pair);
        let mut action = Action {
            fallback: child(pair, Rule::fallback).is_some(),
            kind,
            name,
            rows: rows.map_or(Some(None), |rows| rows.map(Some))?,
            members: child(pair, Rule::bundle).map(|bundle| self.members(&bundle)).unwrap_or_default(),
            value: None,
            worth: Vec::new(),
            cost: None,
            propensity: None,
            trust: None,
            basis: None,
            valid: None,
            promo: None,
            boosts: Vec::new(),
            levers: Vec::new(),
            clauses: Vec::new(),
            exceptions: Vec::new(),
            treatments: Vec::new(),
            span,
        };
        for part in inner(pair) {
            match part.as_rule() {
                Rule::value_item => self.value_item(&part, &mut action)?,
                Rule::cost_item => self.amount(&part, "cost", &mut action.cost)?,
                Rule::propensity_item => {
                    if action.propensity.is_none() {
                        let trust = child(&part, Rule::trust).and_then(|trust| child(&trust, Rule::int));
                        action.trust = trust.map(|trust| self.int(&trust));
                    }
                    self.amount(&part, "propensity", &mut action.propensity)?;
                }
                Rule::valid_item => self.valid(&part, &mut action.valid)?,
                Rule::promo_item => self.promo(&part, &mut action.promo)?,
                Rule::boost_item => action.boosts.push(self.boost(&part)?),
                Rule::lever_item => action.levers.push(self.lever(&part)?),
                Rule::basis_item => self.basis(&part, &mut action.basis)?,
                Rule::clause => action.clauses.push(self.clause(&part)?),
                Rule::exception => action.exceptions.push(self.exception(&part)?),
                Rule::treatment => action.treatments.push(self.treatment(&part)?),
                _ => {}
            }
        }
        Some(action)
    }

    /// `bundles phone, plans.contract`
    fn members(&mut self, pair: &Pair<'_>) -> Vec<Spanned<Vec<Name>>> {
        let members = inner(pair).filter(|part| part.as_rule() == Rule::dotted);
        let names = |member: &Pair<'_>| inner(member).map(|word| self.name(&word)).collect();
        members.map(|member| Spanned { node: names(&member), span: self.span(&member) }).collect()
    }

    fn each_row(&mut self, pair: &Pair<'_>) -> Option<EachRow> {
        let mut names = inner(pair).filter(|part| part.as_rule() == Rule::name);
        let (row, catalog) = (names.next()?, names.next()?);
        let filter = child(pair, Rule::expr).map(|filter| self.expr(&filter));
        Some(EachRow {
            row: self.name(&row),
            catalog: self.name(&catalog),
            filter: filter.map_or(Some(None), |filter| filter.map(Some))?,
            limit: self.int(&child(pair, Rule::int)?),
            span: self.span(pair),
        })
    }

    fn amount(&mut self, pair: &Pair<'_>, word: &str, slot: &mut Option<Expr>) -> Option<()> {
        let value = self.only_expr(pair)?;
        match slot {
            Some(first) => self.repeated(word, first.span, value.span),
            None => *slot = Some(value),
        }
        Some(())
    }

    fn basis(&mut self, pair: &Pair<'_>, slot: &mut Option<Name>) -> Option<()> {
        let value = self.name(&child(pair, Rule::word)?);
        match slot {
            Some(first) => self.repeated("basis", first.span, value.span),
            None => *slot = Some(value),
        }
        Some(())
    }

    /// `suppress owners when … because "…"`
    pub(super) fn clause(&mut self, pair: &Pair<'_>) -> Option<Clause> {
        if let Some(only) = child(pair, Rule::only_in) {
            return self.only(pair, &only);
        }
        let word = child(pair, Rule::clause_kind)?;
        let kind = ClauseKind::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word.as_str()))?;
        let name = child(pair, Rule::name).map(|name| self.name(&name));
        Some(Clause { kind, name, when: self.only_expr(pair)?, because: self.because(pair), span: self.span(pair) })
    }

    /// `only in stage considering, buying because "…"`
    fn only(&mut self, pair: &Pair<'_>, only: &Pair<'_>) -> Option<Clause> {
        let name = child(only, Rule::name).map(|name| self.name(&name));
        let written = inner(only).filter(|part| part.as_rule() == Rule::stage_name);
        let stages: Vec<Spanned<Vec<Name>>> = written
            .map(|stage| Spanned {
                node: inner(&stage).filter(|part| part.as_rule() == Rule::word).map(|word| self.name(&word)).collect(),
                span: self.span(&stage),
            })
            .collect();
        let span = stages.first()?.span.to(stages.last()?.span);
        let when = Expr { node: ExprKind::InStage { stages }, span };
        Some(Clause { kind: ClauseKind::Only, name, when, because: self.because(pair), span: self.span(pair) })
    }

    pub(super) fn because(&mut self, pair: &Pair<'_>) -> Option<Name> {
        let because = child(pair, Rule::because).and_then(|because| child(&because, Rule::text));
        because.map(|text| self.text(&text))
    }
}

fn since(word: &str) -> Since {
    let words = [Since::Entered, Since::Converted];
    words.into_iter().find(|since| since.word().eq_ignore_ascii_case(word)).unwrap_or(Since::Exposed)
}
