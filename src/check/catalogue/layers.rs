//! Layers: experiments that have no customer in common.

use std::collections::BTreeMap;

use super::super::tree::{Content, Exposure, Program};
use crate::bucket::Threshold;
use crate::diagnostic::{Code, Diagnostic, Span};

/// Gives each experiment of a layer the buckets behind those of the experiments before it.
pub(super) fn layers(programs: &mut [Program], out: &mut Vec<Diagnostic>) {
    let mut layers: BTreeMap<String, Vec<Layered<'_>>> = BTreeMap::new();
    for program in programs {
        for campaign in &mut program.campaigns {
            for action in &mut campaign.actions {
                let path = format!("{}.{}.{}", program.name, campaign.name, action.name);
                for treatment in &mut action.treatments {
                    let (name, exposure, span) = match &mut treatment.content {
                        Content::Key(_) => continue,
                        Content::Experiment(one) => (&one.name, &mut one.exposure, one.span),
                        Content::Factorial(one) => (&one.name, &mut one.exposure, one.span),
                    };
                    let Some(exposure) = exposure else { continue };
                    let Some(layer) = exposure.layer.clone() else { continue };
                    let of = format!("{path}.{name}");
                    layers.entry(layer).or_default().push(Layered { of, exposure, span });
                }
            }
        }
    }
    for (name, mut layered) in layers {
        // Denominators are powers of ten.
        let scale = layered.iter().map(|one| one.exposure.part.1).max().unwrap_or(1);
        let mut known: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut total = 0_u64;
        for Layered { of, exposure, span } in &mut layered {
            let (part, one) = exposure.part;
            let part = scale.checked_div(one).and_then(|times| part.checked_mul(times)).unwrap_or(scale);
            // An experiment on several places is one.
            let (from, to) = *known.entry(of.clone()).or_insert_with(|| {
                let from = total;
                total = total.saturating_add(part);
                (from, total)
            });
            if to > scale && from <= scale {
                let sum = to as f64 * 100.0 / scale as f64;
                out.push(
                    Diagnostic::error(Code::BadShares, *span, format!("there is not so much left of layer `{name}`"))
                        .label(format!("with this one its experiments make {sum}%"))
                        .help("make it 100% in all"),
                );
            }
            let limit = |part: u64| Threshold::of_ratio(part.min(scale), scale).map(Threshold::limit);
            exposure.from = limit(from).and_then(|limit| u64::try_from(limit).ok()).unwrap_or(u64::MAX);
            exposure.share.below = limit(to).and_then(|limit| u64::try_from(limit).ok());
        }
    }
}

/// An experiment that is part of a layer.
struct Layered<'e> {
    /// Its path.
    of: String,
    exposure: &'e mut Exposure,
    span: Span,
}
