//! All plans of a ruleset, before they meet a customer type.

use super::catalogue::{self, CandidatePlan};
use super::inline;
use super::lowering::{Lowering, Plans};
use super::opening::Openings;
use super::policy::{self, BlockPlan};
use super::population::{self, RankedPlan};
use crate::check::tree::{DefinitionKind, Rules};
use crate::leaf::plan::Value;
use crate::schema::Type;

/// What rules ask for, each thing once.
pub(super) struct Lowered {
    pub plans: Plans,
    /// Actions, in the order of the text.
    pub candidates: Vec<CandidatePlan>,
    /// What holds back marketing, in the order of the text.
    pub blocks: Vec<BlockPlan>,
    /// What customers wish instead of each cap.
    pub wishes: Vec<Option<Value>>,
    /// What names the channel whose places are filled first.
    pub prefers: Option<Value>,
    /// What customers are ranked by.
    pub ranked: Vec<RankedPlan>,
    /// The attributes that grow stale, each with the time in which it must have been known.
    pub fresh: Vec<(usize, usize)>,
}

impl Lowered {
    pub fn new(rules: &Rules) -> Self {
        let mut lowering = Lowering::new(rules);
        let fresh = lowering.limits().to_vec();
        for (index, definition) in rules.definitions.iter().enumerate() {
            match definition.ty {
                Type::Bool => lowering.ask_condition(index, true),
                _ => lowering.ask_value(index),
            }
            if definition.ty == Type::Bool && definition.kind != DefinitionKind::Segment {
                lowering.ask_condition(index, false);
            }
        }
        let openings = Openings::of(rules);
        let mut candidates = catalogue::lower(&mut lowering, rules, &openings);
        let mut blocks = policy::lower(&mut lowering, rules, &openings);
        let wishes = policy::wishes(&mut lowering, rules);
        let prefers = rules.policy.prefer.as_ref().map(|prefer| lowering.value(&prefer.channel, None));
        let ranked = population::lower(&mut lowering, rules);
        let mut plans = lowering.finish();
        let blocked = blocks.iter_mut().map(|block| &mut block.plan);
        inline::single_counts(&mut plans, candidates.iter_mut().flat_map(CandidatePlan::conditions_mut).chain(blocked));
        Lowered { plans, candidates, blocks, wishes, prefers, ranked, fresh }
    }
}
