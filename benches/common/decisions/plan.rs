//! Campaigns, as data; and as the text that says the same.

use std::fmt::Write;

use super::super::Rng;
use super::super::customer::{Country, Goods, Tier};

/// A campaign of one offer.
pub struct Plan {
    pub program: usize,
    /// `p0.c17.offer`.
    pub path: String,
    pub who: Who,
    pub eligible: Option<Vec<Country>>,
    /// Suppressed where a churn score is above this.
    pub suppressed_above: Option<f64>,
    /// In minor units.
    pub value: i64,
    pub cost: i64,
    pub propensity: f64,
}

/// Whom it is for.
pub enum Who {
    Buyers { goods: Goods, days: i64, least: usize },
    Silent { days: i64 },
    Grown { from: i64, to: i64, tier: Tier },
    Spenders { days: i64, least: i64 },
    Browsers { goods: Goods, days: i64 },
}

/// Each cent once, so that no two have the same priority.
pub fn plans(count: usize) -> Vec<Plan> {
    let mut rng = Rng::new(45);
    (0..count).map(|number| plan(&mut rng, number)).collect()
}

fn plan(rng: &mut Rng, number: usize) -> Plan {
    let goods = rng.zipf(Goods::ALL);
    let who = match number % 5 {
        0 => Who::Buyers { goods, days: rng.int(30, 180), least: rng.int(1, 6) as usize },
        1 => Who::Silent { days: rng.int(3, 30) },
        2 => Who::Grown { from: rng.int(18, 40), to: rng.int(41, 80), tier: rng.zipf(Tier::ALL) },
        3 => Who::Spenders { days: rng.int(30, 180), least: rng.int(10_000, 100_000) / 100 * 100 },
        _ => Who::Browsers { goods, days: rng.int(2, 20) },
    };
    let program = number / 20;
    Plan {
        program,
        path: format!("p{program}.c{number}.offer"),
        who,
        eligible: rng.chance(0.5).then(|| rng.some(Country::ALL, 8)),
        suppressed_above: rng.chance(0.25).then(|| rng.int(50, 90) as f64 / 100.0),
        value: 100 * rng.int(5, 50) + number as i64,
        cost: 100 * rng.int(0, 4),
        propensity: rng.int(1, 30) as f64 / 100.0,
    }
}

/// The ruleset of these campaigns.
pub fn text(plans: &[Plan]) -> String {
    let mut text = "ruleset bench { zone \"UTC\"  currency EUR }
channel email outbound needs consent email.marketing
channel push  outbound needs consent push.marketing
policy contact {
  cap marketing on email at most 2 in any 7 days
  cap marketing on any   at most 1 per calendar day
  quiet 21:00 to 09:00 on email else wait
  rest each action 60 days after 1 reject within 1 day
  block marketing while churn > 0.97 because \"leave them alone\"
}
priority  propensity * context * margin * lever
threshold priority >= 0.20 EUR
"
    .to_owned();
    let mut segments = String::new();
    for (number, plan) in plans.iter().enumerate() {
        let first = number == 0 || plans[number - 1].program != plan.program;
        if first {
            let _ = writeln!(text, "{}program p{} {{", if number == 0 { "" } else { "}\n" }, plan.program);
        }
        let who = match plan.who {
            Who::Buyers { goods, days, least } => {
                format!("count(order where goods = \"{goods:?}\" within {days} days) >= {least}")
            }
            Who::Silent { days } => format!("none(order within {days} days)"),
            Who::Grown { from, to, tier } => format!("age between {from} and {to} and tier = \"{tier:?}\""),
            Who::Spenders { days, least } => format!("sum(order.total within {days} days) >= {} EUR", least / 100),
            Who::Browsers { goods, days } => format!(
                "any(view where goods = \"{goods:?}\" within {days} days) and none(order where goods = \"{goods:?}\" within {days} days)"
            ),
        };
        let eligible = plan.eligible.as_ref().map_or(String::new(), |countries| {
            let countries: Vec<String> = countries.iter().map(|country| format!("\"{country:?}\"")).collect();
            format!("eligible when country in [{}]", countries.join(", "))
        });
        let suppress = plan
            .suppressed_above
            .map_or(String::new(), |score| format!("suppress when churn > {score} because \"about to leave\""));
        let money = |minor: i64| format!("{}.{:02} EUR", minor / 100, minor % 100);
        let _ = writeln!(segments, "segment s{number} when {who}");
        let _ = write!(
            text,
            "campaign c{number} for s{number} again after 30 days since exposed {{
  offer offer {{
    value {}  cost {}  propensity {}%
    {eligible} {suppress}
    treat email \"c{number}.mail\"  treat push \"c{number}.push\"
  }}
}}
",
            money(plan.value),
            money(plan.cost),
            (plan.propensity * 100.0).round()
        );
    }
    text + "}\n" + &segments
}
