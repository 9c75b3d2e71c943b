//! The 2,003 coupon campaigns that real households were sent in 2017, replayed one by one through a contact policy: who is
//! admitted, and why not, must be exactly what pandas and DuckDB found for the same policy in `data/complete-journey/expected.json`.
#![cfg(feature = "derive")]
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../examples/households/mod.rs"]
mod households;

use std::collections::BTreeMap;

use households::{CampaignKind, Household};
use nextbest::{Consent, Contact, ContactKind, Engine, Events, Instant, Outcome, Ruleset, Stage};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const RULES: &str = r#"
ruleset coupons { zone "America/New_York"  currency USD }
context { kind enum(A, B, C) }
channel mail outbound needs consent mail.marketing

policy contact {
  block marketing while any(redemption last 3 full days) because "quiet"
  cap marketing on any at most 1 in any 7 days
  cap marketing on any at most 2 in any 30 days
  cap marketing of program department on any at most 1 in any 56 days
}

program personal   { campaign a for everyone every { offer booklet { value 1 USD propensity 5%  eligible when context.kind = "A"  treat mail "a" } } }
program department { campaign b for everyone every { offer flyer   { value 1 USD propensity 5%  eligible when context.kind = "B"  treat mail "b" } } }
program season     { campaign c for everyone every { offer code    { value 1 USD propensity 5%  eligible when context.kind = "C"  treat mail "c" } } }
"#;

/// What a line of the policy is called in the reference.
const REASONS: [(&str, &str); 3] =
    [("1 in any 7 days", "gap"), ("2 in any 30 days", "cap30"), ("1 in any 56 days", "typeB")];

/// Whether a campaign may be sent to a household now, and what holds it back if not.
fn asked(engine: &Engine<Household>, household: &Household, kind: CampaignKind, now: Instant) -> &'static str {
    let word = match kind {
        CampaignKind::A => "A",
        CampaignKind::B => "B",
        CampaignKind::C => "C",
    };
    let request = engine.request(now).channel("mail").unwrap().context("kind", word).unwrap();
    let explanation = engine.explain(household, &request);
    assert_eq!(engine.decide(household, &request), explanation.decision);
    let traces = &explanation.slots.first().unwrap().candidates;
    let trace = traces.iter().find(|trace| trace.left != Some(Stage::Eligible)).unwrap();
    let reason = match trace.left {
        None => return "admitted",
        Some(Stage::Block) => "quiet",
        Some(Stage::Cap) => REASONS.iter().find(|(line, _)| trace.clause.ends_with(line)).unwrap().1,
        other => panic!("{other:?}"),
    };
    // Time ends whatever contacts and redemptions hold back.
    let retry = trace.retry_at.unwrap();
    let left = |now| {
        let explanation = engine.explain(household, &request.clone().at(now));
        let traces = &explanation.slots.first().unwrap().candidates;
        let trace = traces.iter().find(|trace| trace.left != Some(Stage::Eligible)).unwrap();
        trace.clause.clone()
    };
    // A redemption of the last days may hold it back first.
    let before = left(retry.saturating_sub_millis(1));
    assert!(before == trace.clause || before.starts_with("block"), "{before}");
    assert_ne!(left(retry), trace.clause);
    reason
}

#[test]
fn every_send_has_the_reason_that_two_engines_found() {
    let bound = Ruleset::parse(&[("coupons.nba", RULES)]).and_then(|rules| rules.bind::<Household>());
    let engine = bound.unwrap_or_else(|found| panic!("{found}"));
    assert!(engine.warnings().is_empty(), "{}", engine.warnings());
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_campaign: BTreeMap<String, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for mut household in households::load(&households::folder()).unwrap() {
        let mut sends = household.sends.as_slice().to_vec();
        sends.sort_by_key(|send| (send.at, send.kind as usize, send.campaign));
        household.consents = vec![Consent::granted("mail", "marketing", Instant::MIN)];
        household.contacts = Events::default();
        for send in sends {
            let reason = asked(&engine, &household, send.kind, send.at);
            *by_reason.entry(reason).or_default() += 1;
            lines.push((household.id, send.campaign, reason));
            if reason != "admitted" {
                continue;
            }
            let (kind, action) = match send.kind {
                CampaignKind::A => ("A", "personal.a.booklet"),
                CampaignKind::B => ("B", "department.b.flyer"),
                CampaignKind::C => ("C", "season.c.code"),
            };
            *by_kind.entry(kind).or_default() += 1;
            *by_campaign.entry(send.campaign.to_string()).or_default() += 1;
            household.contacts.push(Contact {
                id: send.campaign.to_string(),
                at: send.at,
                outcome: Outcome::Sent,
                action: action.to_owned(),
                kind: ContactKind::Offer,
                channel: "mail".to_owned(),
                variant: None,
            });
        }
    }
    lines.sort();
    let lines: Vec<String> = lines.iter().map(|(id, campaign, reason)| format!("{id},{campaign},{reason}")).collect();
    let hash: String = Sha256::digest(lines.join("\n")).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let found = json!({
        "requests": lines.len(),
        "by_reason": by_reason,
        "admitted_by_type": by_kind,
        "admitted_by_campaign": by_campaign,
        "sha16": hash,
    });
    let text = std::fs::read_to_string(households::folder().join("expected.json")).unwrap();
    let mut expected = serde_json::from_str::<Value>(&text).unwrap()["contact_policy"].clone();
    let most = expected.as_object_mut().unwrap().remove("households_with_any_30d_window_over_3");
    assert_eq!(most, Some(json!(0)), "which the second cap sees to");
    assert_eq!(found, expected);
}
