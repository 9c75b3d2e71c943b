//! Exceptions from what would not hold anything back.

use crate::check::tree::{Action, Cap, Excepted, Exception, Program, Rules, is_under};
use crate::diagnostic::{Diagnostic, Lint};
use crate::syntax::ast::{ActionKind, LineKind};

/// Warns of every exception without which the same would be decided.
pub(super) fn check(rules: &Rules, out: &mut Vec<Diagnostic>) {
    for program in &rules.programs {
        let mut checker = Checker { rules, out, further_out: Vec::new() };
        let actions = program.campaigns.iter().flat_map(|campaign| {
            campaign
                .actions
                .iter()
                .map(move |action| (format!("{}.{}.{}", program.name, campaign.name, action.name), action))
        });
        let all: Vec<(String, &Action)> = actions.collect();
        checker.exceptions(&program.exceptions, &all);
        checker.inside(program, &all);
    }
}

struct Checker<'a> {
    rules: &'a Rules,
    out: &'a mut Vec<Diagnostic>,
    further_out: Vec<&'a Exception>,
}

impl<'a> Checker<'a> {
    fn inside(&mut self, program: &'a Program, all: &[(String, &'a Action)]) {
        for campaign in &program.campaigns {
            let path = format!("{}.{}", program.name, campaign.name);
            let under = |path: &str| all.iter().filter(|(full, _)| is_under(full, path)).cloned().collect::<Vec<_>>();
            let before = self.further_out.len();
            self.exceptions(&campaign.exceptions, &under(&path));
            let inside = self.further_out.len();
            for action in &campaign.actions {
                self.exceptions(&action.exceptions, &under(&format!("{path}.{}", action.name)));
                self.further_out.truncate(inside);
            }
            self.further_out.truncate(before);
        }
    }

    /// Those of one place, each held against what stands further out and against those before it.
    fn exceptions(&mut self, here: &'a [Exception], actions: &[(String, &Action)]) {
        for exception in here {
            let idle = |label: &str| {
                Diagnostic::warning(Lint::IdleException, exception.span, "this exception changes nothing").label(label)
            };
            if let Some(first) = self.further_out.iter().find(|first| first.of.covers(&exception.of)) {
                self.out.push(idle("it has been made already").related(first.span, "here"));
            } else if !actions.iter().any(|(path, action)| self.concerns(&exception.of, path, action)) {
                let label = match &exception.of {
                    Excepted::Policy { policy, .. } => format!("nothing in `{policy}` is about this"),
                    Excepted::Rule(_) => "there is no action here".to_owned(),
                };
                self.out.push(idle(&label));
            }
            self.further_out.push(exception);
        }
    }

    /// Whether an action would be held by what is excepted.
    fn concerns(&self, of: &Excepted, path: &str, action: &Action) -> bool {
        if matches!(of, Excepted::Rule(_)) {
            return true;
        }
        let policy = &self.rules.policy;
        let places = || action.treatments.iter().map(|treatment| treatment.place.channel);
        let outbound = |channel: usize| self.rules.channels.get(channel).is_some_and(|channel| channel.is_outbound());
        let capped = |cap: &Cap| {
            let here = places().any(|channel| cap.channel.map_or(outbound(channel), |capped| capped == channel));
            here && cap.kind.means(action.kind) && cap.is_of(path)
        };
        let quiet = |channels: &[usize]| {
            places().any(|channel| if channels.is_empty() { outbound(channel) } else { channels.contains(&channel) })
        };
        let means = |policy: &str, kind| of.is_line(policy, kind);
        action.kind != ActionKind::Service
            && (policy.limits.iter().any(|limit| means(&limit.policy, LineKind::Limit))
                || policy.caps.iter().any(|cap| means(&cap.policy, LineKind::Cap) && capped(cap))
                || policy.quiets.iter().any(|line| means(&line.policy, LineKind::Quiet) && quiet(&line.channels))
                || policy.rests.iter().any(|rest| means(&rest.policy, LineKind::Rest))
                || policy.blocks.iter().any(|b| means(&b.policy, LineKind::Block) && b.kind.means(action.kind)))
    }
}
