//! What a candidate is not held by, as numbers.

use crate::check::tree::{Exception, Policy};
use crate::syntax::ast::LineKind;

/// The exceptions of a candidate, and the lines of the policy that they are made from.
#[derive(Debug, Default)]
pub(crate) struct Exempt {
    /// From the outermost in.
    pub exceptions: Vec<Exception>,
    /// Kinds of line with the number among those of the kind.
    lines: Vec<(LineKind, usize)>,
}

impl Exempt {
    pub fn of<'r>(policy: &Policy, exceptions: impl Iterator<Item = &'r Exception>) -> Self {
        let exceptions: Vec<Exception> = exceptions.cloned().collect();
        let mut lines = Vec::new();
        let mut add = |kind: LineKind, policies: &mut dyn Iterator<Item = &str>| {
            let held =
                policies.enumerate().filter(|(_, policy)| exceptions.iter().any(|one| one.of.is_line(policy, kind)));
            lines.extend(held.map(|(number, _)| (kind, number)));
        };
        add(LineKind::Cap, &mut policy.caps.iter().map(|cap| cap.policy.as_str()));
        add(LineKind::Quiet, &mut policy.quiets.iter().map(|quiet| quiet.policy.as_str()));
        add(LineKind::Rest, &mut policy.rests.iter().map(|rest| rest.policy.as_str()));
        add(LineKind::Block, &mut policy.blocks.iter().map(|block| block.policy.as_str()));
        Exempt { exceptions, lines }
    }

    /// Whether a line of the policy is one of them.
    pub fn from(&self, kind: LineKind, number: usize) -> bool {
        self.lines.contains(&(kind, number))
    }
}
