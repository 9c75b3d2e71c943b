//! How actions are shown.

use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use crate::syntax::ast::{
    Arm, Content, Experiment, Exposure, Factor, FactorLevel, Factorial, Name, Parameter, SchemeName, Treatment,
};

impl Lower<'_> {
    /// `treat email "winback.gift" in [fr, en] with { … } when …`; what is said of the content in any order.
    pub(super) fn treatment(&mut self, pair: &Pair<'_>) -> Option<Treatment> {
        let channel = self.name(&child(pair, Rule::name)?);
        let slot = child(pair, Rule::slot_name).and_then(|slot| child(&slot, Rule::word)).map(|slot| self.name(&slot));
        let content = match child(pair, Rule::experiment) {
            Some(experiment) => match child(&experiment, Rule::factorial) {
                Some(factorial) => Content::Factorial(self.factorial(&experiment, &factorial)?),
                None => Content::Experiment(self.experiment(&experiment)?),
            },
            None => Content::Key(self.text(&child(pair, Rule::text)?)),
        };
        let span = self.span(pair);
        let when = match child(pair, Rule::treatment_when) {
            Some(when) => Some(self.only_expr(&when)?),
            None => None,
        };
        let (languages, parameters) = (Vec::new(), Vec::new());
        let mut treatment = Treatment { channel, slot, content, languages, parameters, when, span };
        for part in inner(pair) {
            let word = match part.as_rule() {
                Rule::languages => "in",
                Rule::parameters => "with",
                _ => continue,
            };
            if let Some(first) = inner(pair).find(|other| other.as_rule() == part.as_rule() && other != &part)
                && first.as_span().start() < part.as_span().start()
            {
                self.repeated(word, self.span(&first), self.span(&part));
                continue;
            }
            match part.as_rule() {
                Rule::languages => treatment.languages = self.languages(&part),
                _ => treatment.parameters = self.parameters(&part)?,
            }
        }
        Some(treatment)
    }

    fn experiment(&mut self, pair: &Pair<'_>) -> Option<Experiment> {
        let name = self.name(&child(pair, Rule::name)?);
        let arms = inner(pair).filter(|part| part.as_rule() == Rule::arm);
        let arms = arms.map(|arm| {
            let (name, content) = (self.name(&child(&arm, Rule::word)?), self.text(&child(&arm, Rule::text)?));
            Some(Arm { name, share: self.portion(&arm)?, content, span: self.span(&arm) })
        });
        let arms = arms.collect::<Option<_>>()?;
        let stops = inner(pair).filter(|part| part.as_rule() == Rule::stop);
        let stops = stops.map(|stop| Some(self.name(&child(&stop, Rule::word)?))).collect::<Option<_>>()?;
        let exposure = self.exposure(pair)?;
        let scheme = self.scheme(pair, Rule::scheme)?;
        Some(Experiment { name, exposure, scheme, arms, stops })
    }

    fn factorial(&mut self, pair: &Pair<'_>, written: &Pair<'_>) -> Option<Factorial> {
        let (name, content) = (self.name(&child(pair, Rule::name)?), self.text(&child(written, Rule::text)?));
        let factors = inner(written).filter(|part| part.as_rule() == Rule::factor);
        let factors = factors.map(|factor| {
            let levels = inner(&factor).filter(|part| part.as_rule() == Rule::factor_level);
            let levels = levels.map(|level| {
                let share = match child(&level, Rule::portion) {
                    Some(_) => Some(self.portion(&level)?),
                    None => None,
                };
                Some(FactorLevel { text: self.text(&child(&level, Rule::text)?), share })
            });
            let levels = levels.collect::<Option<_>>()?;
            Some(Factor { name: self.name(&child(&factor, Rule::word)?), levels, span: self.span(&factor) })
        });
        let factors = factors.collect::<Option<_>>()?;
        Some(Factorial { name, exposure: self.exposure(pair)?, content, factors })
    }

    /// For whom an experiment is, where that is said.
    fn exposure(&mut self, experiment: &Pair<'_>) -> Option<Option<Exposure>> {
        let Some(pair) = child(experiment, Rule::exposure) else { return Some(None) };
        let layer = child(&pair, Rule::of_layer).and_then(|layer| child(&layer, Rule::word));
        let (layer, gate) = (layer.map(|layer| self.name(&layer)), self.scheme(&pair, Rule::gate)?);
        Some(Some(Exposure { share: self.portion(&pair)?, layer, gate }))
    }

    /// The scheme that is named in a part of this kind, where there is one.
    fn scheme(&mut self, pair: &Pair<'_>, kind: Rule) -> Option<Option<SchemeName>> {
        let Some(scheme) = child(pair, kind) else { return Some(None) };
        let (name, salt) = (self.name(&child(&scheme, Rule::word)?), self.text(&child(&scheme, Rule::text)?));
        Some(Some(SchemeName { name, salt }))
    }

    fn languages(&mut self, pair: &Pair<'_>) -> Vec<Name> {
        let mut languages = Vec::new();
        for part in inner(pair) {
            match part.as_rule() {
                Rule::word => languages.push(self.name(&part)),
                Rule::text => languages.push(self.text(&part)),
                _ => {}
            }
        }
        languages
    }

    fn parameters(&mut self, pair: &Pair<'_>) -> Option<Vec<Parameter>> {
        inner(pair).filter(|part| part.as_rule() == Rule::parameter).map(|part| self.parameter(&part)).collect()
    }

    fn parameter(&mut self, pair: &Pair<'_>) -> Option<Parameter> {
        let name = self.name(&child(pair, Rule::word)?);
        let value = self.only_expr(pair)?;
        let otherwise = match child(pair, Rule::otherwise) {
            Some(otherwise) => Some(self.only_expr(&otherwise)?),
            None => None,
        };
        Some(Parameter { name, value, otherwise, span: self.span(pair) })
    }
}
