//! Treatments: where, for whom, in which language, filled with what.

use super::super::actions::Here;
use super::super::expression::Checker;
use super::super::tree::{Arm, Channel, Content, Exposure, Expr, Kind, Languages, Levels, Parameter, Place, Treatment};
use super::super::words;
use super::super::world::{Named, World, suggest};
use super::experiment::{experiment, factorial};
use super::{channel, is_repeated};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Type;
use crate::syntax::ast;

/// The attribute that says which language a customer speaks.
const LANGUAGE: &str = "language";

pub(super) fn treatments(
    written: &[ast::Treatment],
    here: Here<'_>,
    channels: &[Channel],
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Vec<Treatment> {
    let mut treatments: Vec<Treatment> = Vec::new();
    for treatment in written {
        let place = channel::place(&treatment.channel, treatment.slot.as_ref(), channels, out);
        let when = treatment.when.as_ref().map(|when| Checker::in_campaign(world, here, out).condition(when));
        let parameters = parameters(&treatment.parameters, here, world, out);
        let languages = languages(&treatment.languages, world, out);
        // One that may not be used leaves room for another behind it.
        if let Some(first) = treatments
            .iter()
            .find(|other| Some(other.place) == place && other.when.is_none() && is_filled(other) && is_for_all(other))
        {
            let slot = treatment.slot.as_ref().map(|slot| format!(".{}", slot.node)).unwrap_or_default();
            out.push(
                Diagnostic::error(
                    Code::Duplicate,
                    treatment.span,
                    format!("a second treatment on `{}{slot}`", treatment.channel.node),
                )
                .label("never used: the first one always is")
                .related(first.span, "the first is here")
                .help("remove one, say with `when` for whom the first one is, or make two actions of it"),
            );
            continue;
        }
        let content = match &treatment.content {
            ast::Content::Key(key) => Some(Content::Key(key.node.clone())),
            ast::Content::Experiment(written) => {
                experiment(written, world, out).map(Content::Experiment).filter(|new| is_one(new, &treatments, out))
            }
            ast::Content::Factorial(written) => {
                for factor in &written.factors {
                    let names = treatment.parameters.iter().map(|parameter| &parameter.name).chain([&factor.name]);
                    let message = || format!("the content is given `{}` twice", factor.name.node);
                    is_repeated(&factor.name, names, message, out);
                }
                factorial(written, world, out).map(Content::Factorial).filter(|new| is_one(new, &treatments, out))
            }
        };
        let (Some(place), Some(content)) = (place, content) else { continue };
        let Some(when) = when.map_or(Some(None), |when| when.map(Some)) else { continue };
        treatments.push(Treatment { place, content, when, languages, parameters, span: treatment.span });
    }
    treatments
}

/// Whether nobody is left for another one.
fn is_for_all(treatment: &Treatment) -> bool {
    treatment.content.trial().is_none_or(|trial| trial.exposure.is_none())
}

/// Whether an experiment draws as those of its name in the same action do: they are one, on several places.
fn is_one(content: &Content, others: &[Treatment], out: &mut Vec<Diagnostic>) -> bool {
    let Some(new) = content.trial() else { return true };
    let part =
        |exposure: Option<&Exposure>| exposure.map(|part| (part.layer.clone(), part.gate.clone(), part.share.below));
    let same = |other: &Content| match (content, other) {
        (Content::Experiment(one), Content::Experiment(other)) => {
            let drawn = |arm: &Arm| (arm.name.clone(), arm.share.below, arm.stopped);
            one.scheme == other.scheme && one.arms.iter().map(drawn).eq(other.arms.iter().map(drawn))
        }
        (Content::Factorial(one), Content::Factorial(other)) => {
            let limits = |of: &Levels| of.shares.iter().map(|share| share.below).collect::<Vec<_>>();
            let drawn = |of: &Levels| (of.factor.clone(), of.levels.clone(), limits(of));
            one.factors.iter().map(drawn).eq(other.factors.iter().map(drawn))
        }
        _ => false,
    };
    let other = others.iter().find_map(|treatment| {
        let other = treatment.content.trial().filter(|other| other.name == new.name)?;
        let drawn_alike = part(other.exposure) == part(new.exposure) && same(&treatment.content);
        (!drawn_alike).then_some(other.span)
    });
    if let Some(other) = other {
        out.push(
            Diagnostic::error(Code::BadShares, new.span, format!("`{}` is drawn in two ways", new.name))
                .label("other arms, or other shares")
                .related(other, "than here")
                .help("give both the same arms and shares, or one of them another name"),
        );
    }
    other.is_none()
}

/// Whether no parameter can be missing.
fn is_filled(treatment: &Treatment) -> bool {
    treatment.parameters.iter().all(|parameter| parameter.otherwise.is_some())
}

fn parameters(written: &[ast::Parameter], here: Here<'_>, world: &World, out: &mut Vec<Diagnostic>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for parameter in written {
        let message = || format!("the content is given `{}` twice", parameter.name.node);
        if is_repeated(&parameter.name, written.iter().map(|parameter| &parameter.name), message, out) {
            continue;
        }
        let mut checker = Checker::in_campaign(world, here, out);
        let Some(value) = checker.value(&parameter.value, None) else { continue };
        let otherwise = parameter.otherwise.as_ref().map(|other| checker.value(other, Some(&value.ty)));
        if value.ty.is_collection() || matches!(value.ty, Type::Duration | Type::Bucket) {
            out.push(
                Diagnostic::error(Code::Unsupported, value.span, "content cannot be filled with this")
                    .label(words::this_is(&value.ty))
                    .help("give it one value, such as a text, a number or a day"),
            );
            continue;
        }
        let otherwise = match otherwise {
            Some(None) => continue,
            Some(Some(other)) if other.ty != value.ty => {
                out.push(
                    Diagnostic::error(Code::TypeMismatch, other.span, "what stands after `else` is of another type")
                        .label(words::this_is(&other.ty))
                        .related(value.span, words::this_is(&value.ty)),
                );
                continue;
            }
            Some(other) => other,
            None => None,
        };
        parameters.push(Parameter { name: parameter.name.node.clone(), value, otherwise, span: parameter.span });
    }
    parameters
}

/// The languages of a content, by the attribute that is called so.
fn languages(written: &[ast::Name], world: &World, out: &mut Vec<Diagnostic>) -> Option<Languages> {
    let first = written.first()?;
    let own = match world.customer(LANGUAGE) {
        Some(Named::Attribute(index)) => world.shape.attributes.get(index).map(|attribute| (index, &attribute.ty)),
        _ => None,
    };
    let Some((index, ty)) = own.filter(|(_, ty)| matches!(ty, Type::Enum(_) | Type::Text)) else {
        if !world.is_broken(LANGUAGE) {
            let span = written.last().map_or(first.span, |last| first.span.to(last.span));
            out.push(
                Diagnostic::error(Code::MissingSetting, span, "nobody knows which language a customer speaks")
                    .label("chosen by the attribute `language`")
                    .help("give the profile one: `language enum(fr, de, en)?`"),
            );
        }
        return None;
    };
    let mut names: Vec<String> = Vec::new();
    for language in written {
        if names.contains(&language.node) {
            out.push(
                Diagnostic::error(Code::Duplicate, language.span, format!("`{}` stands here twice", language.node))
                    .label("the same language again"),
            );
        }
        if let Type::Enum(known) = ty
            && !known.contains(&language.node)
        {
            let error = Diagnostic::error(
                Code::UnknownEnumValue,
                language.span,
                format!("no customer speaks `{}`", language.node),
            )
            .label(format!("`language` is one of {}", words::names(known.iter().map(String::as_str))));
            out.push(suggest(error, language.span, &language.node, known.iter().map(String::as_str)));
        }
        names.push(language.node.clone());
    }
    let own = Expr { kind: Kind::Attribute(Place::Customer, index), ty: ty.clone(), span: first.span };
    Some(Languages { own, names })
}
