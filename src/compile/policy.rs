//! Blocks of contact policies, and what customers wish.

use super::link::Linker;
use super::lowering::Lowering;
use super::opening::{Opening, Openings};
use crate::check::tree::Rules;
use crate::leaf::Test;
use crate::leaf::plan::{Plan, Value};

/// A block, lowered.
pub(super) struct BlockPlan {
    pub plan: Plan,
    opens: Option<Opening>,
}

/// A block, in the order of the rules.
pub(crate) struct Blocking<P> {
    /// Whether it definitely does not hold: unknown blocks.
    pub passes: Test<P>,
    /// Where time alone can let it pass, and then for good.
    pub opens: Option<Opening>,
}

/// Lowers every block, in the order of the text.
pub(super) fn lower(lowering: &mut Lowering<'_>, rules: &Rules, openings: &Openings<'_>) -> Vec<BlockPlan> {
    let blocks = rules.policy.blocks.iter().map(|block| BlockPlan {
        plan: lowering.condition(&block.when, false, None),
        opens: openings.opening(&block.when, false),
    });
    blocks.collect()
}

/// Lowers what customers wish instead of each cap, in the order of the text.
pub(super) fn wishes(lowering: &mut Lowering<'_>, rules: &Rules) -> Vec<Option<Value>> {
    let caps = rules.policy.caps.iter();
    caps.map(|cap| cap.own.as_ref().map(|own| lowering.value(own, None))).collect()
}

impl BlockPlan {
    pub fn link<P: 'static>(&self, linker: &Linker<'_, P>) -> Blocking<P> {
        Blocking { passes: linker.test(&self.plan), opens: self.opens.clone() }
    }
}
