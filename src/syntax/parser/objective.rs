//! Objectives, and what actions earn towards their aims.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::syntax::ast::{Action, Aim, Name, StatementKind, Weight, Weights, Worth};

impl Lower<'_> {
    /// `objective growth { … }`
    pub(super) fn objective(&mut self, pair: &Pair<'_>, name: Name) -> Option<StatementKind> {
        let (mut aims, mut weights) = (Vec::new(), Vec::new());
        for part in inner(pair) {
            match part.as_rule() {
                Rule::aim => aims.push(self.aim(&part)?),
                Rule::weights => weights.push(self.weights(&part)?),
                _ => {}
            }
        }
        Some(StatementKind::Objective { name, aims, weights })
    }

    fn aim(&mut self, pair: &Pair<'_>) -> Option<Aim> {
        let name = self.name(&child(pair, Rule::name)?);
        let point = match child(pair, Rule::point) {
            Some(point) => Some(self.expr(&child(&point, Rule::arith)?)?),
            None => None,
        };
        Some(Aim { name, point, span: self.span(pair) })
    }

    fn weights(&mut self, pair: &Pair<'_>) -> Option<Weights> {
        let written = inner(pair).filter(|part| part.as_rule() == Rule::weight);
        let weights = written.map(|weight| {
            let aim = self.name(&child(&weight, Rule::name)?);
            Some(Weight { aim, share: self.portion(&weight)? })
        });
        let weights = weights.collect::<Option<_>>()?;
        let segment = child(pair, Rule::weights_for).and_then(|whom| child(&whom, Rule::name));
        Some(Weights { weights, segment: segment.map(|segment| self.name(&segment)), span: self.span(pair) })
    }

    /// `value 30 EUR`, `value revenue: 30 EUR, retention: 2 points`
    pub(super) fn value_item(&mut self, pair: &Pair<'_>, action: &mut Action) -> Option<()> {
        let said = action.value.as_ref().map(|value| value.span).or(action.worth.first().map(|worth| worth.span));
        let worth = inner(pair).filter(|part| part.as_rule() == Rule::worth);
        let worth = worth.map(|worth| self.worth(&worth)).collect::<Option<Vec<_>>>()?;
        let value = match worth.is_empty() {
            true => Some(self.only_expr(pair)?),
            false => None,
        };
        match said {
            Some(first) => {
                let again = value.map(|value| value.span).or(worth.first().map(|worth| worth.span))?;
                self.repeated("value", first, again);
            }
            None => (action.value, action.worth) = (value, worth),
        }
        Some(())
    }

    fn worth(&mut self, pair: &Pair<'_>) -> Option<Worth> {
        let otherwise = child(pair, Rule::otherwise).map(|other| self.only_expr(&other));
        Some(Worth {
            aim: self.name(&child(pair, Rule::name)?),
            amount: self.only_expr(pair)?,
            otherwise: otherwise.map_or(Some(None), |otherwise| otherwise.map(Some))?,
            points: child(pair, Rule::points).is_some(),
            span: self.span(pair),
        })
    }
}
