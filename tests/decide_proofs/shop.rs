//! A shop whose rules use most of what a decision is made of, and customers for it from a seed.

use nextbest::{
    Consent, Contact, ContactKind, Currency, Engine, Instant, Money, Outcome, Record, RecordSchema, Request, Ruleset,
    Value, Zone,
};

use crate::oracle::generate::Rng;

pub const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  week starts monday  currency EUR }
profile {
  person id  zone zone?  age int?  vip bool?  clv money EUR?  chance percent?  language enum(fr, de, en)?
  city text? pii  interests list<text>?  shoe int?
}
context { weather enum(sun, rain)?  page text? }
event order { total money EUR?  category text? }
event complaint { open bool? }
segment lapsed when any(order) and none(order within 30 days)
segment local  when city in ["Lyon", "Paris"] ignoring case
channel web    inbound { slot hero 1  slot list 2 }
channel email  outbound needs consent email.marketing
channel letter outbound needs consent letter.marketing cost 0.10 EUR
threshold priority >= 0.05 EUR
tiers service > offer > message
holdout universal 4% salt "2026H2" except service
policy contact {
  cap marketing on any at most 2 in any 7 days
  cap offer of trips on email at most 1 per calendar month
  quiet 21:00 to 09:00 on email, letter else wait
  rest each action 10 days after 2 rejects within 30 days
  block marketing while any(complaint where open) because "first things first"
}
program trips {
  campaign sea for everyone every control 5% {
    boost +20% when context.weather = "rain"
    offer cruise { value clv  cost 2% of clv  propensity chance trust 20 contacts
      suitable when age >= 18
      treat email "cruise.mail" with { name: city else "you" }
      treat web.hero experiment banner { a 50% "cruise.a"  b 50% "cruise.b" } }
    offer ferry { value 25% of sum(order.total)  propensity 7%
      lever +25% until 2026-12-31 by "CRM" because "new route"
      suppress when any(exposed(ferry) within 3 days) because "seen"
      treat web.list "ferry.list"  treat email "ferry.mail" }
    message postcard { value 3 EUR  propensity 30%  treat web.list "card" in [fr, de]  treat letter "card.letter" }
  }
  campaign back for lapsed again after 14 days since exposed goal order within 10 days exit on complaint {
    offer gift { value 12 EUR  propensity 11%  promo "BACK" expires 72 hours once
      applicable when count(order within 1 year) >= 1
      treat email "gift"  treat web.hero "gift.web" }
  }
  campaign near for local once {
    message tram { value 1 EUR  propensity 50%  eligible when interests contains any of ["trains", "cities"]
      treat web.list "tram"  treat letter "tram.letter" }
  }
}
program care { campaign sorry for everyone every {
  service voucher { basis contract  eligible when any(complaint within 7 days)  treat web.hero "sorry"  treat email "sorry.mail" }
} }
"#;

pub const CHANNELS: [&str; 4] = ["email", "web.hero", "web.list", "letter"];

pub struct Shop {
    pub engine: Engine<Record>,
    pub schema: RecordSchema,
}

pub fn shop() -> Shop {
    under(RULES)
}

pub fn under(rules: &str) -> Shop {
    let rules = Ruleset::parse(&[("shop.nba", rules)]).unwrap_or_else(|problems| panic!("{problems}"));
    let engine = rules.bind_records().unwrap_or_else(|problems| panic!("{problems}"));
    Shop { engine, schema: rules.record_schema().unwrap() }
}

pub fn euros(cents: i64) -> Money {
    Money::new(cents, Currency::named("EUR").unwrap())
}

/// Noon of a day in March 2026, in Paris.
pub fn noon(day: i64) -> Instant {
    Instant::parse("2026-03-01T12:00:00+01:00").unwrap().saturating_add_millis((day - 1) * DAY)
}

pub const DAY: i64 = 86_400_000;

pub fn sent(id: &str, at: Instant, outcome: Outcome, action: &str, channel: &str) -> Contact {
    let kind = if action.ends_with("postcard") { ContactKind::Message } else { ContactKind::Offer };
    Contact { id: id.into(), at, outcome, action: action.into(), kind, channel: channel.into(), variant: None }
}

impl Shop {
    /// Everywhere, at a moment.
    pub fn request(&self, now: Instant) -> Request {
        let channels = CHANNELS.iter();
        channels.fold(self.engine.request(now), |request, channel| request.channel(channel).unwrap())
    }

    /// Somebody, of whom something is known up to the 20th of March.
    pub fn customer(&self, rng: &mut Rng, number: u64) -> Record {
        let mut customer = self.schema.record();
        customer.set("person", format!("c{number}")).unwrap();
        if rng.percent(30) {
            let zone = rng.pick(&["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]);
            customer.set("zone", Zone::named(zone).unwrap()).unwrap();
        }
        if rng.percent(80) {
            customer.set("age", rng.between(14, 60)).unwrap().set("vip", rng.percent(20)).unwrap();
            customer.set("clv", euros(rng.between(0, 20_000))).unwrap();
            customer.set("chance", Value::Percent(rng.pick(&[0.01, 0.035, 0.12, 0.8]))).unwrap();
        }
        if rng.percent(70) {
            customer.set("city", rng.pick(&["Lyon", "PARIS", "Brest"])).unwrap();
            customer.set("language", rng.pick(&["fr", "de", "en"])).unwrap();
        }
        if rng.percent(50) {
            customer.set("interests", vec![rng.pick(&["trains", "boats", "cities"]).to_owned()]).unwrap();
        }
        let earlier = |rng: &mut Rng| noon(20).saturating_sub_millis(rng.between(0, 70 * DAY));
        for _ in 0..rng.below(6) {
            let total = euros(rng.between(500, 30_000));
            customer.add_event("order", earlier(rng), [("total", total.into())]).unwrap();
        }
        if rng.percent(15) {
            let open = rng.percent(50);
            customer.add_event("complaint", earlier(rng), [("open", open.into())]).unwrap();
        }
        let actions = ["trips.sea.ferry", "trips.sea.cruise", "trips.back.gift", "trips.sea.postcard"];
        for n in 0..rng.below(5) {
            let (at, id) = (earlier(rng), format!("k{n}"));
            let (action, channel) = (rng.pick(&actions), rng.pick(&["email", "web", "letter"]));
            let first = if channel == "web" { Outcome::Impression } else { Outcome::Sent };
            customer.add_contact(sent(&id, at, first, action, channel)).unwrap();
            if rng.percent(40) {
                let then = rng.pick(&[Outcome::Clicked, Outcome::Rejected, Outcome::Failed, Outcome::Converted]);
                let at = at.saturating_add_millis(rng.between(1, DAY));
                customer.add_contact(sent(&id, at, then, action, channel)).unwrap();
            }
        }
        for channel in ["email", "letter"] {
            if rng.percent(80) {
                let at = earlier(rng).saturating_sub_millis(40 * DAY);
                customer.add_consent(Consent::granted(channel, "marketing", at)).unwrap();
            }
        }
        customer
    }
}
