//! What weighs actions, when they are available, and what comes with them.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::syntax::ast::{
    Boost, Decay, Exploration, Expr, ExprKind, Lever, Name, Promo, Spanned, StatementKind, Valid,
};

impl Lower<'_> {
    /// `tiers service > marketing`
    pub(super) fn tiers(&mut self, pair: &Pair<'_>) -> StatementKind {
        let words = inner(pair).filter(|part| part.as_rule() == Rule::word);
        StatementKind::Tiers { order: words.map(|word| self.name(&word)).collect() }
    }

    /// `holdout universal 5% salt "2026H2" except service`
    pub(super) fn holdout(&mut self, pair: &Pair<'_>, name: Name) -> Option<StatementKind> {
        let share = self.portion(pair)?;
        let salt = child(pair, Rule::salt).and_then(|salt| child(&salt, Rule::text)).map(|salt| self.text(&salt));
        let mut except = Vec::new();
        for exempt in child(pair, Rule::except).iter().flat_map(inner).filter(|part| part.as_rule() == Rule::exempt) {
            let path =
                inner(&exempt).filter(|part| part.as_rule() == Rule::word).map(|word| self.name(&word)).collect();
            except.push(Spanned { node: path, span: self.span(&exempt) });
        }
        Some(StatementKind::Holdout { name, share, salt, except })
    }

    /// `explore epsilon 2%`
    pub(super) fn explore(&mut self, pair: &Pair<'_>) -> Option<Exploration> {
        if let Some(epsilon) = child(pair, Rule::epsilon) {
            return Some(Exploration::Epsilon(self.portion(&epsilon)?));
        }
        if let Some(softmax) = child(pair, Rule::softmax) {
            return Some(Exploration::Softmax(Box::new(self.only_expr(&softmax)?)));
        }
        let draws = child(&child(pair, Rule::thompson)?, Rule::draws).and_then(|draws| child(&draws, Rule::int));
        Some(Exploration::Thompson { draws: draws.map(|draws| self.int(&draws)) })
    }

    /// The digits of `5%`.
    pub(super) fn portion(&mut self, pair: &Pair<'_>) -> Option<Name> {
        let portion = child(pair, Rule::portion)?;
        let digits = child(&portion, Rule::amount)?;
        Some(Spanned { node: digits.as_str().replace('_', ""), span: self.span(&portion) })
    }

    /// `+50%`, `-20%`
    fn change(&mut self, pair: &Pair<'_>) -> Option<Name> {
        let change = child(pair, Rule::change)?;
        let digits = child(&change, Rule::amount)?.as_str().replace('_', "");
        let sign = child(&change, Rule::sign).filter(|sign| sign.as_str() == "-").map_or("", |_| "-");
        Some(Spanned { node: format!("{sign}{digits}"), span: self.span(&change) })
    }

    pub(super) fn boost(&mut self, pair: &Pair<'_>) -> Option<Boost> {
        let change = self.change(pair)?;
        let decay = child(pair, Rule::decay).map(|decay| self.decay(&decay));
        let when = child(pair, Rule::boost_when).map(|when| self.only_expr(&when));
        let (decay, when) =
            (decay.map_or(Some(None), |decay| decay.map(Some))?, when.map_or(Some(None), |when| when.map(Some))?);
        Some(Boost { change, decay, when, span: self.span(pair) })
    }

    fn decay(&mut self, pair: &Pair<'_>) -> Option<Decay> {
        let after = self.event_clause(pair)?;
        let over = self.duration(&child(pair, Rule::quantity)?, "over");
        Some(Decay { after, over, span: self.span(pair) })
    }

    pub(super) fn lever(&mut self, pair: &Pair<'_>) -> Option<Lever> {
        let until = match child(pair, Rule::lever_end) {
            Some(end) => Some(self.moment(&inner(&end).next_back()?)?),
            None => None,
        };
        let text = |rule| child(pair, rule).and_then(|part| child(&part, Rule::text));
        let (owner, because) = (text(Rule::owner), text(Rule::because));
        Some(Lever {
            change: self.change(pair)?,
            until,
            owner: owner.map(|owner| self.text(&owner)),
            because: because.map(|because| self.text(&because)),
            span: self.span(pair),
        })
    }

    pub(super) fn valid(&mut self, pair: &Pair<'_>, slot: &mut Option<Valid>) -> Option<()> {
        let days = inner(pair).filter(|part| matches!(part.as_rule(), Rule::date | Rule::instant | Rule::bad_date));
        let mut days = days.map(|day| self.moment(&day)).collect::<Option<Vec<Expr>>>()?.into_iter();
        let valid = Valid { from: days.next()?, to: days.next()?, span: self.span(pair) };
        match slot {
            Some(first) => self.repeated("valid", first.span, valid.span),
            None => *slot = Some(valid),
        }
        Some(())
    }

    pub(super) fn promo(&mut self, pair: &Pair<'_>, slot: &mut Option<Promo>) -> Option<()> {
        let code = self.text(&child(pair, Rule::text)?);
        let expires = self.duration(&child(pair, Rule::quantity)?, "expires");
        let once = child(pair, Rule::promo_once).is_some();
        let promo = Promo { code, expires, once, span: self.span(pair) };
        match slot {
            Some(first) => self.repeated("promo", first.span, promo.span),
            None => *slot = Some(promo),
        }
        Some(())
    }

    /// A day or a moment.
    fn moment(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let span = self.span(pair);
        let literal = match pair.as_rule() {
            Rule::date => self.date(pair),
            Rule::instant => self.instant(pair),
            _ => self.bad_date(pair),
        };
        Some(Spanned { node: ExprKind::Literal(literal), span })
    }
}
