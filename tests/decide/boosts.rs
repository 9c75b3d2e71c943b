//! Boosts that decay after an event: a part is lost at each step, and nothing in between.

use nextbest::{
    Contact, ContactKind, Currency, Engine, Instant, Money, Outcome, Record, Request, Ruleset, Stage, Value, Zone,
};

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

struct Shop {
    engine: Engine<Record>,
    customer: Record,
}

impl Shop {
    /// An offer of 10 EUR at 10%, with lines of its own.
    fn of(statements: &str, offer: &str) -> Self {
        let text = format!(
            "ruleset shop {{ zone \"Europe/Paris\"  currency EUR }}\n\
             profile {{ person id  zone zone?  vip bool? }}\n\
             event order {{ category text?  total money EUR? }}\nevent visit {{}}\nchannel web inbound\n{statements}\n\
             program p {{\ncampaign c for everyone every {{\noffer o {{ value 10 EUR  propensity 10%\n{offer}\ntreat web \"o\" }}\n}}\n}}\n"
        );
        let rules = Ruleset::parse(&[("shop.nba", &text)]).unwrap_or_else(|error| panic!("{error}"));
        let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
        let mut customer = rules.record_schema().unwrap().record();
        customer.set("person", "ann").unwrap();
        Shop { engine, customer }
    }

    fn request(&self, now: Instant) -> Request {
        self.engine.request(now).channel("web").unwrap()
    }

    fn context(&self, now: Instant) -> f64 {
        let decision = self.engine.decide(&self.customer, &self.request(now));
        decision.action().unwrap().factors.unwrap().context
    }

    /// `context` at a moment and in the millisecond before it.
    fn around(&self, at: &str) -> [f64; 2] {
        [instant(at).saturating_sub_millis(1), instant(at)].map(|now| self.context(now))
    }

    fn weights(&self, now: &str) -> Vec<String> {
        let explanation = self.engine.explain(&self.customer, &self.request(instant(now)));
        explanation.slots[0].candidates[0].weights.clone()
    }

    fn contact(&mut self, at: &str, outcome: Outcome) {
        let (id, action, channel) = ("k".into(), "p.c.o".into(), "web".into());
        let contact =
            Contact { id, at: instant(at), outcome, action, kind: ContactKind::Offer, channel, variant: None };
        self.customer.add_contact(contact).unwrap();
    }
}

#[test]
fn a_day_takes_a_fifth_and_five_days_take_all() {
    let mut shop = Shop::of("", "boost +60% after order decaying over 5 days");
    assert_eq!(shop.context(instant("2026-03-27T10:30:00+01:00")), 1.0);
    shop.customer.add_event("order", instant("2026-03-27T10:30:00+01:00"), []).unwrap();
    assert_eq!(shop.around("2026-03-27T10:30:00+01:00"), [1.0, 1.6]);
    assert_eq!(shop.around("2026-03-28T10:30:00+01:00"), [1.6, 1.0 + 0.6 * 0.8]);
    // Clocks go forward in the night before: by the calendar it is two days all the same.
    assert_eq!(shop.around("2026-03-29T10:30:00+02:00"), [1.0 + 0.6 * 0.8, 1.0 + 0.6 * 0.6]);
    assert_eq!(shop.around("2026-03-30T10:30:00+02:00"), [1.0 + 0.6 * 0.6, 1.0 + 0.6 * 0.4]);
    assert_eq!(shop.around("2026-03-31T10:30:00+02:00"), [1.0 + 0.6 * 0.4, 1.0 + 0.6 * 0.2]);
    assert_eq!(shop.around("2026-04-01T10:30:00+02:00"), [1.0 + 0.6 * 0.2, 1.0]);
    // The latest event counts, and one that lies ahead does not.
    shop.customer.add_event("order", instant("2026-04-03T00:00:00+02:00"), []).unwrap();
    assert_eq!(shop.around("2026-04-03T00:00:00+02:00"), [1.0, 1.6]);
}

#[test]
fn days_are_those_of_the_customer() {
    let mut shop = Shop::of("", "boost +50% after order decaying over 2 days");
    shop.customer.add_event("order", instant("2026-03-28T10:30:00+01:00"), []).unwrap();
    assert_eq!(shop.around("2026-03-29T10:30:00+02:00"), [1.5, 1.25]);
    shop.customer.set("zone", Value::Zone(Zone::named("Asia/Tokyo").unwrap())).unwrap();
    assert_eq!(shop.around("2026-03-29T11:30:00+02:00"), [1.5, 1.25]);
}

#[test]
fn hours_are_exact_and_months_are_clamped() {
    let mut shop = Shop::of("", "boost +72% after order decaying over 72 hours");
    shop.customer.add_event("order", instant("2026-03-28T12:00:00+01:00"), []).unwrap();
    assert_eq!(shop.context(instant("2026-03-29T12:59:59+02:00")), 1.0 + 0.72 * (49.0 / 72.0));
    assert_eq!(shop.around("2026-03-31T13:00:00+02:00"), [1.0 + 0.72 / 72.0, 1.0]);
    let mut shop = Shop::of("", "boost -40% after order decaying over 2 months");
    shop.customer.add_event("order", instant("2026-01-31T12:00:00+01:00"), []).unwrap();
    assert_eq!(shop.around("2026-02-28T12:00:00+01:00"), [0.6, 0.8]);
    assert_eq!(shop.around("2026-03-31T12:00:00+02:00"), [0.8, 1.0]);
}

#[test]
fn only_the_event_that_is_meant_counts() {
    let mut shop =
        Shop::of("", "boost +60% after order where category = \"shoes\" and total > 50 EUR decaying over 3 days");
    let euros = |cents| Value::Money(Money::new(cents, Currency::named("EUR").unwrap()));
    let at = instant("2026-03-10T12:00:00+01:00");
    shop.customer.add_event("order", at, [("category", "books".into()), ("total", euros(9_000))]).unwrap();
    shop.customer.add_event("order", at, [("category", "shoes".into())]).unwrap();
    assert_eq!(shop.context(at), 1.0);
    shop.customer.add_event("order", at, [("category", "shoes".into()), ("total", euros(9_000))]).unwrap();
    assert_eq!(shop.context(at), 1.6);
}

#[test]
fn an_outcome_is_an_event_too() {
    let mut shop = Shop::of(
        "",
        "boost +60% after rejected(o) decaying over 3 days  boost +20% after clicked(any) decaying over 1 day",
    );
    shop.contact("2026-03-10T12:00:00+01:00", Outcome::Impression);
    shop.contact("2026-03-10T12:05:00+01:00", Outcome::Rejected);
    assert_eq!(shop.around("2026-03-10T12:05:00+01:00"), [1.0, 1.6]);
    assert_eq!(shop.around("2026-03-11T12:05:00+01:00"), [1.6, 1.4]);
    assert_eq!(
        shop.weights("2026-03-11T13:00:00+01:00"),
        ["boost +60% after rejected(o) decaying over 3 days (+40% now)"]
    );
    assert_eq!(shop.weights("2026-03-14T13:00:00+01:00"), [""; 0]);
}

#[test]
fn a_condition_has_to_hold_besides() {
    let mut shop = Shop::of("", "boost +60% after order decaying over 3 days when vip");
    let at = instant("2026-03-10T12:00:00+01:00");
    shop.customer.add_event("order", at, []).unwrap();
    assert_eq!(shop.context(at), 1.0);
    shop.customer.set("vip", true).unwrap();
    assert_eq!(shop.context(at), 1.6);
}

#[test]
fn what_may_be_lacking_matters_only_where_nothing_later_is_known() {
    let mut shop = Shop::of("", "boost +60% after order decaying over 5 days");
    let now = instant("2026-03-10T12:00:00+01:00");
    shop.customer.complete_since("order", instant("2026-03-09T00:00:00+01:00")).unwrap();
    assert_eq!(shop.context(now), 1.0);
    shop.customer.add_event("order", instant("2026-03-09T12:00:00+01:00"), []).unwrap();
    assert_eq!(shop.context(now), 1.0 + 0.6 * 0.8);
}

#[test]
fn the_next_change_is_the_step_that_drops_it_below_the_threshold() {
    // 1 EUR without the boost; 1.30 EUR at half of it.
    let mut shop = Shop::of("threshold priority >= 1.25 EUR", "boost +60% after order decaying over 6 hours");
    let at = instant("2026-03-10T12:00:00+01:00");
    shop.customer.add_event("order", at, []).unwrap();
    let until = at.saturating_add_millis(30 * 86_400_000);
    let change = shop.engine.next_change(&shop.customer, &shop.request(at), until);
    assert_eq!(change, Some(instant("2026-03-10T16:00:00+01:00")));
    let left = |now| shop.engine.explain(&shop.customer, &shop.request(now)).slots[0].candidates[0].left;
    assert_eq!(left(change.unwrap().saturating_sub_millis(1)), None);
    assert_eq!(left(change.unwrap()), Some(Stage::Threshold));
    // And the step that lifts it again.
    let mut shop = Shop::of("threshold priority >= 0.80 EUR", "boost -60% after order decaying over 3 days");
    shop.customer.add_event("order", at, []).unwrap();
    let change = shop.engine.next_change(&shop.customer, &shop.request(at), until);
    assert_eq!(change, Some(instant("2026-03-12T12:00:00+01:00")));
}

#[test]
fn an_event_makes_an_action_win_that_it_lifts() {
    let shop = Shop::of("threshold priority >= 1.50 EUR", "boost +60% after visit decaying over 6 hours");
    let request = shop.request(instant("2026-03-10T12:00:00+01:00"));
    let answer = shop.engine.why_not(&shop.customer, &request, "p.c.o", &[]).unwrap().to_string();
    assert!(answer.contains("would win had there been one visit at"), "{answer}");
}

#[test]
fn a_boost_is_written_in_one_way() {
    let text = "program p { campaign c for everyone every { BOOST  + 60% After Order where total>5 EUR DECAYING over 1 week when vip offer o { value 1 EUR propensity 1% } } }";
    let formatted = nextbest::format("a.nba", text).unwrap();
    assert!(
        formatted.contains("    boost +60% after Order where total > 5 EUR decaying over 1 week when vip\n"),
        "{formatted}"
    );
}
