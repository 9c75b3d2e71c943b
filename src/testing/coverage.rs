//! What no test reaches.

use std::collections::HashSet;
use std::fmt;

use super::Tests;
use crate::check::testing::tree::Given;
use crate::diagnostic::Span;

/// How much of the rules their tests reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Coverage {
    /// How many segments there are.
    pub segments: usize,
    /// How many clauses and caps.
    pub clauses: usize,
    /// How many actions.
    pub actions: usize,
    /// Segments that by their own rule nobody is in, in any test.
    pub nobody_in: Vec<String>,
    /// Segments that by their own rule everybody is in, in every test.
    pub nobody_out: Vec<String>,
    /// Clauses and caps that never stop an action, with their places.
    pub idle: Vec<(String, String)>,
    /// Actions that never win.
    pub never_won: Vec<String>,
}

impl Coverage {
    pub(super) fn of(tests: &Tests) -> Self {
        let rules = tests.checked();
        let (mut inside, mut outside) = (HashSet::new(), HashSet::new());
        let (mut stopped, mut won) = (HashSet::new(), HashSet::new());
        for test in tests.iter() {
            let Ok(scene) = test.scene() else { continue };
            let pinned = |number: usize| {
                let is = |given: &Given| matches!(given, Given::Segment { definition, .. } if *definition == number);
                test.test.given.iter().any(is)
            };
            let mut evaluator = scene.engine.evaluator();
            for segment in scene.engine.segments() {
                let number = segment.index as usize;
                if !pinned(number) {
                    let is_in = evaluator.is_in(&scene.customer, &scene.request, segment) == Ok(true);
                    if is_in {
                        inside.insert(number)
                    } else {
                        outside.insert(number)
                    };
                }
            }
            for slot in scene.engine.explain(&scene.customer, &scene.request).slots {
                for candidate in slot.candidates {
                    if candidate.left.is_some() {
                        stopped.insert(place(candidate.span));
                    } else {
                        won.insert(candidate.action);
                    }
                }
            }
        }
        let clauses = rules.clauses().map(|clause| clause.span).chain(rules.policy.spans());
        let clauses: Vec<Span> = clauses.collect();
        let actions: Vec<String> = rules.actions().map(|(path, ..)| path).collect();
        let named = |seen: &HashSet<usize>| {
            let segments = tests.engine.segments().filter(|segment| !seen.contains(&(segment.index as usize)));
            segments.map(|segment| tests.engine.segment_name(segment).to_owned()).collect()
        };
        let shown = |span: Span| {
            let text = tests.rules.sources().slice(span).unwrap_or_default();
            (tests.place(span), text.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        Coverage {
            segments: tests.engine.segments().count(),
            clauses: clauses.len(),
            actions: actions.len(),
            nobody_in: named(&inside),
            nobody_out: named(&outside),
            idle: clauses.iter().filter(|span| !stopped.contains(&place(**span))).map(|span| shown(*span)).collect(),
            never_won: actions.into_iter().filter(|action| !won.contains(action)).collect(),
        }
    }
}

fn place(span: Span) -> (u32, u32, u32) {
    (span.file, span.start, span.end)
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reached = |all: usize, lacking: usize| format!("{} of {all}", all.saturating_sub(lacking));
        writeln!(f, "segments that somebody is in: {}", reached(self.segments, self.nobody_in.len()))?;
        self.nobody_in.iter().try_for_each(|name| writeln!(f, "  nobody is in {name}"))?;
        self.nobody_out.iter().try_for_each(|name| writeln!(f, "  nobody is left out of {name}"))?;
        writeln!(f, "clauses and caps that stop an action: {}", reached(self.clauses, self.idle.len()))?;
        self.idle.iter().try_for_each(|(place, text)| writeln!(f, "  {place}: {text}"))?;
        writeln!(f, "actions that win: {}", reached(self.actions, self.never_won.len()))?;
        self.never_won.iter().try_for_each(|action| writeln!(f, "  {action}"))
    }
}
