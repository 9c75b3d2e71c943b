//! How deep definitions refer to each other, and what to evaluate first where that is too deep for the stack.

use crate::check::tree::{Definition, Rules};
use crate::leaf::Named;
use crate::schema::Type;

/// Definitions at every so many levels of reference are evaluated ahead of those above them.
const STRIDE: u32 = 32;

/// For each definition what has to be evaluated before it, so that evaluation never goes deeper than two strides of
/// references at once.
pub(super) fn first(rules: &Rules) -> Vec<Vec<usize>> {
    let mut depth: Vec<u32> = Vec::with_capacity(rules.definitions.len());
    // The nearest definitions below that stand on a stride.
    let mut near: Vec<Vec<usize>> = Vec::with_capacity(rules.definitions.len());
    let mut first = Vec::with_capacity(rules.definitions.len());
    for definition in &rules.definitions {
        let level = definition.uses.iter().filter_map(|&used| depth.get(used)).max().map_or(0, |deepest| deepest + 1);
        let mut below: Vec<usize> = Vec::new();
        for &used in &definition.uses {
            if depth.get(used).is_some_and(|&depth| on_stride(depth)) {
                below.push(used);
            } else if let Some(nearer) = near.get(used) {
                below.extend(nearer);
            }
        }
        below.sort_unstable();
        below.dedup();
        first.push(if on_stride(level) { below.clone() } else { Vec::new() });
        near.push(below);
        depth.push(level);
    }
    first
}

fn on_stride(depth: u32) -> bool {
    depth > 0 && depth.is_multiple_of(STRIDE)
}

/// A definition as it is evaluated ahead: both sides of a condition where both are there.
pub(super) fn named<'d>(
    ids: &[usize],
    definitions: &'d [Definition],
    has: impl Fn(usize, bool) -> bool,
) -> Box<[Named]> {
    let sides = |id: usize| match definitions.get(id).map(|d: &'d Definition| &d.ty) {
        Some(Type::Bool) => {
            [true, false].into_iter().filter(|&want| has(id, want)).map(|want| Named::Condition(id, want)).collect()
        }
        Some(_) => vec![Named::Value(id)],
        None => Vec::new(),
    };
    ids.iter().flat_map(|&id| sides(id)).collect()
}
