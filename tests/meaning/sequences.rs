//! What a sequence can still become where events may be lacking, and what its steps ask of the first one.

use crate::oracle::given::{Given, instant, nobody};
use crate::oracle::value::Truth::{self, False, True, Unknown};
use crate::oracle::value::Val;
use nextbest::Instant;

const WORLD: &str = r#"
ruleset test { zone "Europe/Paris" }
profile { person id }
event view { offer int? }
event click { offer int? }
event leave { offer int? }
event buy { offer int? }
event seen = click | view
"#;

/// So many minutes before noon in Paris on 14 May 2026.
fn ago(minutes: i64) -> String {
    let now = instant("2026-05-14T12:00:00+02:00").millis();
    Instant::from_millis(now - minutes * 60_000).to_string()
}

/// Events of a kind, so many minutes before now, of an offer.
fn happened(events: &[(&str, i64, i64)]) -> Given {
    events.iter().fold(nobody(), |given, &(kind, minutes, offer)| {
        given.event(kind, &ago(minutes), &[("offer", Val::Int(offer))])
    })
}

#[track_caller]
fn hold(given: &Given, cases: &[(&str, Truth)]) {
    given.hold(WORLD, cases);
}

// ---- what may lie between ---------------------------------------------------------------------------------------------

/// The times of two views, and the truth of one following the other without a click between them.
#[track_caller]
fn undisturbed(given: &Given, click: &str, truth: Truth) {
    hold(given, &[(&format!("view then view without {click}"), truth)]);
}

#[test]
fn a_way_is_sure_where_the_time_in_which_clicks_may_be_lacking_lies_outside_of_it() {
    let views = |first, second| happened(&[("view", first, 1), ("view", second, 1)]);
    // Clicks may be lacking from an hour ago to half an hour ago.
    let late = |first, second| views(first, second).complete_since("click", &ago(30));
    let click = "(click within 1 hour)";
    undisturbed(&late(90, 70), click, True);
    undisturbed(&late(20, 10), click, True);
    undisturbed(&late(30, 10), click, True);
    undisturbed(&late(90, 10), click, Unknown);
    undisturbed(&late(90, 45), click, Unknown);
    undisturbed(&late(45, 10), click, Unknown);
    undisturbed(&late(50, 40), click, Unknown);
    undisturbed(&views(90, 10), click, True);
    // Of any age they may be lacking up to half an hour ago.
    undisturbed(&late(20, 10), "click", True);
    undisturbed(&late(90, 10), "click", Unknown);
    undisturbed(&late(90, 70), "click", Unknown);
    // One way may be sure where another is not.
    undisturbed(
        &happened(&[("view", 90, 1), ("view", 20, 1), ("view", 10, 1)]).complete_since("click", &ago(30)),
        click,
        True,
    );
    undisturbed(
        &happened(&[("view", 90, 1), ("view", 80, 1), ("view", 10, 1)]).complete_since("click", &ago(30)),
        click,
        True,
    );
    // What surely lay between leaves nothing open.
    undisturbed(&late(90, 10).event("click", &ago(20), &[]), click, False);
}

#[test]
fn a_sure_way_that_is_too_old_does_not_make_a_later_one_sure() {
    // The purchase 70 minutes ago is sure, but no departure followed it in time; that of 25 minutes ago is not.
    let given = happened(&[("view", 90, 1), ("buy", 70, 1), ("buy", 25, 1), ("leave", 20, 1)])
        .complete_since("click", &ago(30));
    let chain =
        |within: &str| format!("view then buy without (click within 1 hour) then leave within {within} minutes");
    hold(&given, &[(&chain("10"), Unknown), (&chain("50"), True), (&chain("4"), False)]);
}

#[test]
fn one_that_may_have_been_left_stays_so_though_a_later_one_was_not() {
    let chain = "(view within 1 day) then not buy within 10 minutes";
    let given = happened(&[("view", 45, 1), ("view", 25, 1), ("buy", 20, 1)]);
    hold(&given, &[(chain, True)]);
    hold(&given.complete_since("buy", &ago(30)), &[(chain, Unknown)]);
    let answered = happened(&[("view", 45, 1), ("buy", 40, 1), ("view", 25, 1), ("buy", 20, 1)]);
    hold(&answered.complete_since("buy", &ago(42)), &[(chain, False)]);
}

#[test]
fn a_step_that_may_be_lacking_leaves_open_what_could_follow_it() {
    let viewed = |since| happened(&[("view", 60, 1)]).complete_since("buy", &ago(since));
    hold(
        &viewed(30),
        &[
            ("view then buy", Unknown),
            ("view then (buy within 30 minutes)", False),
            ("view then buy then leave", Unknown),
        ],
    );
    hold(&viewed(61), &[("view then buy", False)]);
    let left = happened(&[("view", 60, 1)]).complete_since("leave", &ago(30));
    hold(&left, &[("view then leave", Unknown)]);
    hold(&happened(&[]).complete_since("leave", &ago(30)), &[("view then leave", False), ("leave then view", Unknown)]);
}

#[test]
fn which_event_is_the_first_is_open_where_earlier_ones_may_be_lacking() {
    let given = happened(&[("view", 60, 1), ("buy", 30, 1)]).complete_since("view", &ago(90));
    hold(
        &given,
        &[
            ("view then buy", True),
            ("last view then buy", True),
            ("first view then buy", Unknown),
            ("first (view within 90 minutes) then buy", True),
            ("first view then leave", Unknown),
            ("last view then leave", False),
        ],
    );
}

// ---- what later steps ask of the first one ----------------------------------------------------------------------------

#[test]
fn the_first_or_the_last_event_is_asked_for_its_own_offer() {
    let given = happened(&[("view", 60, 1), ("view", 50, 2), ("view", 40, 3), ("buy", 30, 2)]);
    hold(
        &given,
        &[
            ("(view as v) then (buy where offer = v.offer)", True),
            ("first (view as v) then (buy where offer = v.offer)", False),
            ("last (view as v) then (buy where offer = v.offer)", False),
            ("first (view as v where offer > 1) then (buy where offer = v.offer)", True),
            ("last (view as v where offer < 3) then (buy where offer = v.offer)", True),
            ("(view as v) then (buy where offer > v.offer)", True),
            ("(view as v) then (buy where offer = v.offer) then leave", False),
            ("first (view as v) then (buy where offer > v.offer)", True),
            ("last (view as v) then (buy where offer > v.offer)", False),
            ("last (view as v) then (buy where offer < v.offer)", True),
        ],
    );
}

#[test]
fn every_event_is_asked_though_one_before_it_is_like_it_or_unlike() {
    let alike = happened(&[("view", 60, 1), ("view", 50, 1), ("buy", 30, 1)]);
    let same = "(view as v) then (buy where offer = v.offer)";
    hold(&alike, &[(same, True), (&format!("first {same}"), True), (&format!("last {same}"), True)]);
    let unlike = happened(&[("view", 60, 3), ("view", 50, 1), ("buy", 30, 2)]);
    let more = "(view as v) then (buy where offer > v.offer)";
    hold(&unlike, &[(more, True), (&format!("first {more}"), False), (&format!("last {more}"), True)]);
}

#[test]
fn of_events_with_a_key_too_only_those_up_to_now_and_in_their_window_take_part() {
    let given = happened(&[("view", 60, 1), ("buy", 30, 2), ("buy", 20, 1), ("buy", -10, 1), ("buy", -20, 2)]);
    hold(
        &given,
        &[
            ("(view as v) then (buy where offer = v.offer)", True),
            ("(view as v) then (buy where offer = v.offer until 25 minutes ago)", False),
            ("(view as v) then (buy where offer = v.offer within 20 minutes)", False),
            ("(view as v) then (buy where offer = v.offer within 21 minutes)", True),
            ("(view as v) then (buy where offer = v.offer) then (buy where offer = v.offer)", False),
        ],
    );
    // Of two at the same moment the sequence number says which came first.
    let tied = |view, buy| {
        let offer = [("offer", Val::Int(1))];
        nobody().event_in_order("view", &ago(60), view, &offer).event_in_order("buy", &ago(60), buy, &offer)
    };
    hold(&tied(1, 2), &[("(view as v) then (buy where offer = v.offer)", True)]);
    hold(&tied(2, 1), &[("(view as v) then (buy where offer = v.offer)", False)]);
    let ahead = happened(&[("view", 60, 1), ("buy", 30, 2), ("buy", -10, 1)]);
    hold(&ahead, &[("(view as v) then (buy where offer = v.offer)", False)]);
}

#[test]
fn an_event_that_may_be_lacking_could_have_asked_for_another_offer() {
    let views = happened(&[("view", 60, 1), ("buy", 30, 2)]).complete_since("view", &ago(90));
    let same = |pin: &str| format!("{pin} (view as v) then (buy where offer = v.offer)");
    hold(&views, &[(&same(""), Unknown), (&same("first"), Unknown), (&same("last"), False)]);
    let met = happened(&[("view", 60, 2), ("buy", 30, 2)]).complete_since("view", &ago(90));
    hold(&met, &[(&same(""), True), (&same("first"), Unknown), (&same("last"), True)]);
    // Nothing that is lacking could be the last one where one later is there, unless none is.
    let none = happened(&[("buy", 30, 2)]).complete_since("view", &ago(90));
    hold(&none, &[(&same(""), Unknown), (&same("first"), Unknown), (&same("last"), Unknown)]);
    // Windows shut out what may be lacking.
    let near = |pin: &str| format!("{pin} (view as v within 80 minutes) then (buy where offer = v.offer)");
    hold(&views, &[(&near(""), False), (&near("first"), False), (&near("last"), False)]);
    hold(&none, &[(&near(""), False), (&near("first"), False), (&near("last"), False)]);
    // The purchase may be lacking.
    let bought = happened(&[("view", 60, 1)]).complete_since("buy", &ago(30));
    hold(&bought, &[(&same(""), Unknown), (&same("first"), Unknown), (&same("last"), Unknown)]);
    let before = happened(&[("view", 60, 1)]).complete_since("buy", &ago(61));
    hold(&before, &[(&same(""), False), (&same("first"), False), (&same("last"), False)]);
}

#[test]
fn the_last_event_of_a_group_is_known_where_no_later_one_of_another_kind_may_be_lacking() {
    let given = |kind: &str, since| {
        happened(&[("click", 80, 2), ("view", 60, 1), ("buy", 30, 1)]).complete_since(kind, &ago(since))
    };
    let same = "last (seen as s) then (buy where offer = s.offer)";
    let other = "last (seen as s) then (buy where offer != s.offer)";
    let plain = "last seen then buy";
    hold(&given("view", 40), &[(same, True), (other, False), (plain, True)]);
    hold(&given("click", 40), &[(same, Unknown), (other, Unknown), (plain, Unknown)]);
    hold(&given("click", 60), &[(same, True), (other, False), (plain, True)]);
    hold(&given("click", 70), &[(same, True), (other, False), (plain, True)]);
}

#[test]
fn what_is_asked_of_the_first_event_holds_of_what_must_not_lie_between_or_follow() {
    let given = happened(&[("view", 60, 1), ("click", 50, 2), ("buy", 40, 1), ("leave", 30, 2)]);
    hold(
        &given,
        &[
            ("(view as v) then buy without (click where offer = v.offer)", True),
            ("(view as v) then buy without (click where offer != v.offer)", False),
            ("(view as v) then not (leave where offer = v.offer) within 40 minutes", True),
            ("(view as v) then not (leave where offer != v.offer) within 40 minutes", False),
            ("(view as v) then (buy where offer = v.offer) then (leave where offer > v.offer)", True),
            ("(view as v) then (buy where offer = v.offer) then (leave where offer = v.offer)", False),
            ("(view as v) then (view where offer = v.offer)", False),
        ],
    );
}
