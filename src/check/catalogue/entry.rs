//! How customers enter campaigns, and how their entries end.

use super::super::actions::Here;
use super::super::expression::Checker;
use super::super::tree::{Again, Entry, Expr, Goal};
use super::super::world::World;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{self, EventClause};

pub(super) fn entry(
    campaign: &ast::Campaign,
    here: Here<'_>,
    world: &World,
    out: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let goal = campaign.goal.as_ref().map(|goal| {
        let within = goal.node.within.node.period;
        if within.is_zero() {
            out.push(
                Diagnostic::error(Code::ReversedBounds, goal.node.within.span, "nothing happens within no time")
                    .label("no moment lies in this period"),
            );
        }
        let event = event(&goal.node.clause, here, world, out)?;
        Some(Goal { event, within, span: goal.span })
    });
    // All are looked at before any failure counts.
    let exits: Vec<Option<Expr>> = campaign.exits.iter().map(|exit| event(exit, here, world, out)).collect();
    let again = match &campaign.again.node {
        ast::Again::Once => Again::Once,
        ast::Again::Every => Again::Every,
        ast::Again::After { pause, since } => Again::After(pause.period, *since),
    };
    let remembers = again != Again::Every || campaign.goal.is_some() || !campaign.exits.is_empty();
    if !world.shape.contacts && remembers {
        out.push(
            Diagnostic::error(
                Code::MissingSetting,
                campaign.name.span,
                "the program's customer has no contact history",
            )
            .label("without one, nobody knows who has been addressed before")
            .help("write `every` after the segment, without goal and exit, or give the customer type its contacts"),
        );
    }
    let goal = match goal {
        Some(goal) => Some(goal?),
        None => None,
    };
    let exits = exits.into_iter().collect::<Option<_>>()?;
    Some(Entry { again, again_span: campaign.again.span, goal, exits })
}

/// What ends an entry: at any time after its beginning, so that no window of its own can stand in it.
fn event(clause: &EventClause, here: Here<'_>, world: &World, out: &mut Vec<Diagnostic>) -> Option<Expr> {
    if let Some(window) = &clause.window {
        out.push(
            Diagnostic::error(Code::WrongScope, window.span, "the time of a goal or exit is counted from the entry")
                .label("leave it out")
                .help("what happens after the entry ends it; a goal has its own time behind it: `goal order within 3 days`"),
        );
        return None;
    }
    Checker::in_campaign(world, here, out).happening(clause)
}
