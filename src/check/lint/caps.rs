//! Caps that can never be reached, since another is reached first.

use crate::check::tree::{Cap, Limit, Rules, is_under};
use crate::diagnostic::{Diagnostic, Lint};
use crate::schema::Sharing;
use crate::syntax::ast::Contacted;
use crate::time::{CalendarUnit, CivilWindow, Period};

/// Warns of every cap that another makes idle; of two that say the same, of the later one.
pub(super) fn check(rules: &Rules, out: &mut Vec<Diagnostic>) {
    let caps = &rules.policy.caps;
    for (number, loose) in caps.iter().enumerate() {
        let idle = |(other, tight): &(usize, &Cap)| {
            *other != number && covers(rules, tight, loose) && (*other < number || !covers(rules, loose, tight))
        };
        if let Some((_, tight)) = caps.iter().enumerate().find(idle) {
            out.push(
                Diagnostic::warning(Lint::IdleCap, loose.span, "this cap can never be reached")
                    .label("whatever it would hold back is held back already")
                    .related(tight.span, "by this one")
                    .help("remove it, or make it tighter than the other"),
            );
        }
    }
}

/// Whether one cap holds back whatever the other does.
fn covers(rules: &Rules, tight: &Cap, loose: &Cap) -> bool {
    let kind = tight.kind == Contacted::Marketing || tight.kind == loose.kind;
    let outbound = |channel: usize| rules.channels.get(channel).is_some_and(|channel| channel.is_outbound());
    let channel = match (tight.channel, loose.channel) {
        (None, None) => true,
        (None, Some(channel)) => outbound(channel),
        (tight, loose) => tight == loose,
    };
    let of = match (&tight.of, &loose.of) {
        (None, _) => true,
        (Some(whole), Some(part)) => is_under(part, whole),
        (Some(_), None) => false,
    };
    let limit = match (&tight.limit, &loose.limit) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(tight), Some(loose)) => tight.at_most <= loose.at_most && tight.zone == loose.zone && spans(tight, loose),
    };
    // What the customer wishes may bind where what we want does not.
    kind && channel && of && limit && loose.own.is_none() && includes(tight.per, loose.per)
}

/// Whether the contacts of some are among those of others.
fn includes(all: Option<Sharing>, some: Option<Sharing>) -> bool {
    match some {
        None => matches!(all, None | Some(Sharing::Household | Sharing::Address)),
        Some(Sharing::Identity) => true,
        Some(shared) => all == Some(shared),
    }
}

/// Whether the window of one limit holds that of the other, at any time.
fn spans(tight: &Limit, loose: &Limit) -> bool {
    match (tight.window, loose.window) {
        (CivilWindow::Last(whole), CivilWindow::Last(part)) => holds(whole, part),
        (CivilWindow::Last(whole), CivilWindow::This(unit)) => unit.times(1).is_some_and(|part| holds(whole, part)),
        // A week lies in no month, but a day in a week, and all others in those that are longer.
        (CivilWindow::This(whole), CivilWindow::This(part)) => {
            use crate::time::CalendarUnit::{Day, Week};
            let length = |unit: CalendarUnit| unit.times(1).map(Period::nominal_millis);
            whole == part || part == Day || part != Week && whole != Week && length(whole) > length(part)
        }
        _ => false,
    }
}

/// Whether one amount of time is at least the other, whatever the calendar: clocks change by a few hours at most.
fn holds(whole: Period, part: Period) -> bool {
    let each = whole.months >= part.months && whole.days >= part.days && whole.millis >= part.millis;
    let length = |period: Period, month: i32| {
        let days = period.months.saturating_mul(month).saturating_add(period.days);
        Period { months: 0, days, ..period }.nominal_millis()
    };
    each || length(part, 31).saturating_add(6 * 3_600_000) <= length(whole, 28)
}
