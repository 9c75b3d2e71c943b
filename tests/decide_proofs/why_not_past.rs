//! What would have had to happen, or not, for an action to win.

use nextbest::testing::{Answer, Change};
use nextbest::{
    Consent, Contact, ContactKind, Currency, Engine, Instant, Money, Outcome, Record, Ruleset, Sharing, Value,
};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  age int?  intent percent?  from third_party "DMP" for profiling  cart list<{ sku text  price money EUR }>? }
event order { total money EUR? }
channel web inbound
channel email outbound needs consent email.marketing
channel letter outbound needs consent letter.marketing
policy contact {
  cap marketing on email at most 2 in any 7 days
  cap marketing on letter at most 1 in any 7 days per household
  rest each action 30 days after 2 rejects within 14 days without click
}
program p {
  campaign c for everyone every {
    offer few   { value 9 EUR  propensity 10%  eligible when count(order within 30 days) < 2  treat web "few" }
    offer big   { value 9 EUR  propensity 10%  eligible when any(order where total > 40 EUR within 30 days)  treat web "big" }
    offer calm  { value 9 EUR  propensity 10%  eligible when none(exposed(few) within 3 days)  treat web "calm" }
    offer next  { value 9 EUR  propensity 10%  eligible when any(clicked(few) within 3 days)  treat web "next" }
    offer mail  { value 9 EUR  propensity 10%  treat email "mail" }
    offer post  { value 9 EUR  propensity 10%  treat letter "post" }
    offer rest  { value 9 EUR  propensity 10%  treat web "rest" }
    offer want  { value 9 EUR  propensity 10%  eligible when intent > 50%  treat web "want" }
    offer cart  { value 9 EUR  propensity 10%  eligible when any(cart where price > 20 EUR)  treat web "cart" }
    offer light { value 9 EUR  propensity 10%  eligible when none(cart where price > 20 EUR)  treat web "light" }
    offer both  { value 9 EUR  propensity 10%  eligible when age >= 18 or any(order where total > 40 EUR within 30 days)  treat web "both" }
  }
  campaign once for everyone once { offer hello { value 9 EUR  propensity 10%  treat web "hello" } }
  campaign back for lapsed every goal order within 7 days { offer gift { value 9 EUR  propensity 10%  treat email "gift"  treat web "gift" } }
}
segment lapsed when any(order) and none(order within 30 days)
"#;

fn euros(amount: i64) -> Money {
    Money::new(amount * 100, Currency::named("EUR").unwrap())
}

const DAY: i64 = 86_400_000;

struct Shop {
    engine: Engine<Record>,
    customer: Record,
    now: Instant,
}

fn shop() -> Shop {
    let rules = Ruleset::parse(&[("shop.nba", RULES)]).unwrap_or_else(|found| panic!("{found}"));
    let engine = rules.bind_records().unwrap_or_else(|found| panic!("{found}"));
    let mut customer = rules.record_schema().unwrap().record();
    customer.set("person", "ann").unwrap();
    for channel in ["email", "letter"] {
        customer.add_consent(Consent::granted(channel, "marketing", Instant::MIN)).unwrap();
    }
    Shop { engine, customer, now: Instant::parse("2026-03-10T12:00:00+01:00").unwrap() }
}

impl Shop {
    fn ago(&self, days: i64) -> Instant {
        self.now.saturating_sub_millis(days * DAY)
    }

    fn order(&mut self, days: i64, total: i64) -> &mut Self {
        let at = self.ago(days);
        let total = euros(total);
        self.customer.add_event("order", at, [("total", Value::Money(total))]).unwrap();
        self
    }

    fn contact(&self, days: i64, outcome: Outcome, action: &str, channel: &str, id: &str) -> Contact {
        let (id, action, channel) = (id.to_owned(), action.to_owned(), channel.to_owned());
        Contact { id, at: self.ago(days), outcome, action, kind: ContactKind::Offer, channel, variant: None }
    }

    fn was(&mut self, days: i64, outcome: Outcome, action: &str, channel: &str, id: &str) -> &mut Self {
        let contact = self.contact(days, outcome, action, channel, id);
        self.customer.add_contact(contact).unwrap();
        self
    }

    /// What is told in the first line about one action on one channel, after its path, of all others halted; decided with.
    fn told(&self, channel: &str, action: &str, fixed: &[&str]) -> String {
        let mut request = self.engine.request(self.now).channel(channel).unwrap();
        for (other, ..) in self.engine.rules().actions().filter(|(path, ..)| path != action) {
            request = request.halt(&other).unwrap();
        }
        let why = self.engine.why_not(&self.customer, &request, action, fixed).unwrap();
        if let Answer::Changes(changes) = &why.answer {
            let (record, request) = why.changed(&self.customer, &request);
            let won = self.engine.decide(&record, &request).slots[0].action().map(|chosen| chosen.action.clone());
            assert_eq!(won.as_deref(), Some(action), "{why}");
            assert_eq!(why.to_string().contains("had "), changes.iter().any(Change::is_past), "{why}");
        }
        why.to_string().lines().next().unwrap().strip_prefix(action).unwrap().trim().to_owned()
    }
}

/// Nothing that passes by itself.
const STILL: &[&str] = &["age"];

#[test]
fn events_are_gone_that_a_clause_means_and_as_few_as_will_do() {
    let mut shop = shop();
    shop.order(40, 50).order(20, 10).order(10, 20).order(5, 30);
    // Later alone would do; of what has happened, two of the three orders of the month.
    assert_eq!(shop.told("web", "p.c.few", &[]), "would win with now 2026-03-30T10:00:00Z");
    assert_eq!(
        shop.told("web", "p.c.few", &["now"]),
        "would win had there been no order at 2026-02-18T11:00:00Z and no order at 2026-02-28T11:00:00Z"
    );
    assert_eq!(shop.told("web", "p.c.few", &["now", "order"]), "does not win, whatever is changed");
    let gone = "would win with age = 18";
    assert_eq!(shop.told("web", "p.c.both", &[]), gone);
    assert_eq!(
        shop.told("web", "p.c.both", STILL),
        "would win had there been one order { total: 40.01 EUR } at 2026-03-10T11:00:00Z"
    );
}

#[test]
fn an_event_had_been_with_what_is_asked_of_it() {
    let shop = shop();
    assert_eq!(
        shop.told("web", "p.c.big", &[]),
        "would win had there been one order { total: 40.01 EUR } at 2026-03-10T11:00:00Z"
    );
    assert_eq!(shop.told("web", "p.c.big", &["order"]), "does not win, whatever is changed");
}

#[test]
fn contacts_are_gone_that_a_cap_counts() {
    let mut shop = shop();
    shop.was(9, Outcome::Sent, "p.c.mail", "email", "a").was(3, Outcome::Sent, "p.c.mail", "email", "b");
    shop.was(2, Outcome::Sent, "p.back.gift", "email", "c").was(2, Outcome::Opened, "p.back.gift", "email", "c");
    // Time would do it; were it fixed, one contact of the two.
    let told = shop.told("email", "p.c.mail", &[]);
    assert_eq!(told, "would win with now 2026-03-14T11:00:00Z");
    assert_eq!(
        shop.told("email", "p.c.mail", &["now"]),
        "would win had p.back.gift not been sent on email at 2026-03-08T11:00:00Z"
    );
    assert_eq!(shop.told("email", "p.c.mail", &["now", "contacts"]), "does not win, whatever is changed");
    shop.customer
        .add_shared_contact(Sharing::Household, shop.contact(1, Outcome::Sent, "p.c.post", "letter", "x"))
        .unwrap();
    assert_eq!(shop.told("letter", "p.c.post", &[]), "would win with now 2026-03-16T11:00:00Z");
    assert_eq!(
        shop.told("letter", "p.c.post", &["now"]),
        "would win had p.c.post not been sent on letter at 2026-03-09T11:00:00Z"
    );
}

#[test]
fn contacts_are_gone_that_entered_the_customer() {
    let mut shop = shop();
    shop.was(9, Outcome::Impression, "p.once.hello", "web", "a").was(8, Outcome::Clicked, "p.once.hello", "web", "a");
    shop.was(2, Outcome::Sent, "p.c.mail", "email", "b");
    assert_eq!(
        shop.told("web", "p.once.hello", &[]),
        "would win had p.once.hello not been shown on web at 2026-03-01T11:00:00Z"
    );
    assert_eq!(shop.told("web", "p.once.hello", &["contacts"]), "does not win, whatever is changed");
    shop.customer.contacts_complete_since(shop.ago(5)).unwrap();
    assert_eq!(
        shop.told("web", "p.once.hello", &[]),
        "would win had p.once.hello not been shown on web at 2026-03-01T11:00:00Z, and were no contact lacking"
    );
}

#[test]
fn contacts_had_been_or_had_not_as_clauses_ask() {
    let mut shop = shop();
    assert_eq!(shop.told("web", "p.c.next", &[]), "would win had p.c.few been clicked on web at 2026-03-10T11:00:00Z");
    assert_eq!(shop.told("web", "p.c.calm", &[]), "wins");
    // Being in the campaign is enough where an entry lasts, and so is having lapsed.
    let told = shop.told("web", "p.back.gift", &["order"]);
    assert_eq!(told, "would win had p.back.gift been sent on email at 2026-03-10T10:59:00Z");
    shop.was(1, Outcome::Impression, "p.c.few", "web", "a");
    assert_eq!(shop.told("web", "p.c.calm", &[]), "would win with now 2026-03-12T11:00:00Z");
    assert_eq!(
        shop.told("web", "p.c.calm", &["now"]),
        "would win had p.c.few not been shown on web at 2026-03-09T11:00:00Z"
    );
}

#[test]
fn a_value_is_there_with_the_consent_to_its_purpose() {
    let mut shop = shop();
    shop.customer.set("intent", 0.7).unwrap();
    assert_eq!(shop.told("web", "p.c.want", &[]), "would win with consent data.profiling");
    assert_eq!(shop.told("web", "p.c.want", &["consents"]), "does not win, whatever is changed");
    shop.customer.set("intent", 0.2).unwrap();
    assert_eq!(shop.told("web", "p.c.want", &[]), "would win with consent data.profiling, intent = 51%");
}

#[test]
fn items_are_there_or_gone() {
    let mut shop = shop();
    let item = |sku: &str, euro: i64| {
        let price = Value::Money(euros(euro));
        Value::Map([("sku".to_owned(), Value::from(sku)), ("price".to_owned(), price)].into())
    };
    assert_eq!(shop.told("web", "p.c.cart", &[]), "would win with cart { sku: \"a\", price: 20.01 EUR }");
    shop.customer.set("cart", Value::List(vec![item("a", 5), item("b", 60)])).unwrap();
    assert_eq!(shop.told("web", "p.c.light", &[]), "would win with no cart where price > 20 EUR");
}

#[test]
fn what_rests_had_been_excused_or_had_not_come() {
    let mut shop = shop();
    shop.was(9, Outcome::Impression, "p.c.rest", "web", "a").was(9, Outcome::Rejected, "p.c.rest", "web", "a");
    shop.was(4, Outcome::Impression, "p.c.rest", "web", "b").was(4, Outcome::Rejected, "p.c.rest", "web", "b");
    assert_eq!(shop.told("web", "p.c.rest", &[]), "would win with now 2026-04-05T10:00:00Z");
    assert_eq!(
        shop.told("web", "p.c.rest", &["now"]),
        "would win had p.c.rest not been rejected on web at 2026-03-06T11:00:00Z"
    );
}
