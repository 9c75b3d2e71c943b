//! 419 real households of an American grocery chain in 2017, with every basket they bought, every coupon campaign they
//! were sent and every coupon they redeemed: *The Complete Journey* by 84.51°, see `data/complete-journey/SOURCE.md`.
//!
//! Two things are ours, since the data has no such facts, and say nothing about real people: who consented to what, and
//! which channel an old campaign went out on. Both are marked *invented* below.

// Each example uses a part of this.
#![allow(dead_code)]

mod csv;
mod demographics;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nextbest::bucket::bucket;
use nextbest::{
    Category, Consent, Contact, ContactKind, Currency, Date, Event, Events, Instant, Money, Outcome, Profile, Zone,
};

pub use csv::LoadError;
use csv::{Csv, Place};
pub use demographics::{Age, HomeOwnership, HouseholdComp, HouseholdSize, Income, KidsCount, MaritalStatus};

/// A household, as rules see it.
#[derive(Debug, Clone, Profile)]
pub struct Household {
    #[profile(id, rename = "household")]
    pub id: i64,
    pub age: Option<Age>,
    #[profile(pii)]
    pub income: Option<Income>,
    pub home_ownership: Option<HomeOwnership>,
    pub marital_status: Option<MaritalStatus>,
    pub household_size: Option<HouseholdSize>,
    pub household_comp: Option<HouseholdComp>,
    pub kids_count: Option<KidsCount>,
    #[profile(events, rename = "basket")]
    pub baskets: Events<Basket>,
    #[profile(events, rename = "send")]
    pub sends: Events<Send>,
    #[profile(events, rename = "redemption")]
    pub redemptions: Events<Redemption>,
    #[profile(consents)]
    pub consents: Vec<Consent>,
    #[profile(contacts)]
    pub contacts: Events<Contact>,
}

impl Household {
    /// The household as it was known at a moment. Rules see nothing of what comes later anyway; it is left out where an
    /// answer reaches into the future, such as when to try again.
    #[must_use]
    pub fn known_at(mut self, now: Instant) -> Self {
        self.baskets = until(&self.baskets, now);
        self.sends = until(&self.sends, now);
        self.redemptions = until(&self.redemptions, now);
        self.contacts = until(&self.contacts, now);
        self
    }
}

fn until<E: Event + Clone>(events: &Events<E>, now: Instant) -> Events<E> {
    events.as_slice().iter().filter(|event| event.at() <= now).cloned().collect()
}

/// One visit to the till.
#[derive(Debug, Clone, Event)]
pub struct Basket {
    pub at: Instant,
    pub sequence: u64,
    pub store: i64,
    /// Different products.
    pub lines: i64,
    /// What was paid.
    #[event(currency = "USD")]
    pub sales: Money,
    /// What the loyalty card took off.
    #[event(currency = "USD")]
    pub card_discount: Money,
    /// What coupons took off.
    #[event(currency = "USD")]
    pub coupon_discount: Money,
    /// Drugs and general merchandise, as far as it is not food.
    #[event(currency = "USD")]
    pub drug_gm: Money,
    /// Fuel.
    #[event(currency = "USD")]
    pub fuel: Money,
}

/// A campaign was sent to the household, on the day it started.
#[derive(Debug, Clone, Event)]
pub struct Send {
    pub at: Instant,
    pub sequence: u64,
    pub campaign: i64,
    pub kind: CampaignKind,
}

/// A coupon of a campaign was redeemed on a day.
#[derive(Debug, Clone, Event)]
pub struct Redemption {
    pub at: Instant,
    pub sequence: u64,
    pub campaign: i64,
    pub coupon: i64,
}

/// The chain's kinds of campaign: coupons picked for the household (A), or the same for everyone (B, C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Category)]
pub enum CampaignKind {
    A,
    B,
    C,
}

/// A campaign, as its file has it.
struct Campaign {
    kind: CampaignKind,
    start: Instant,
}

/// Where the data lies in this repository.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/complete-journey")
}

/// Where the example `name` of rules lies in this repository.
pub fn rule_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// The stores' zone: local times in the files are meant there.
pub fn zone() -> Zone {
    Zone::named("America/New_York").unwrap_or(Zone::UTC)
}

/// The last second before a day begins: what is known then is all that happened before the day, and `within 7 days` are
/// the seven days before it.
pub fn eve_of(day: Date) -> Instant {
    zone().start_of_day(day).saturating_sub_millis(1_000)
}

/// Ten o'clock on a day, when a mail may go out: what is known then is all that happened before, that morning included.
pub fn morning_of(day: Date) -> Instant {
    zone().at(day, 10 * 3_600_000)
}

/// Loads every household, in the order of their ids.
pub fn load(folder: &Path) -> Result<Vec<Household>, LoadError> {
    let campaigns = campaigns(folder)?;
    let mut baskets = baskets(folder)?;
    let mut sends = sends(folder, &campaigns)?;
    let mut redemptions = redemptions(folder)?;
    let file = Csv::read(folder, "households.csv")?;
    let rows = file.rows([
        "household_id",
        "age",
        "income",
        "home_ownership",
        "marital_status",
        "household_size",
        "household_comp",
        "kids_count",
    ])?;
    let mut households = Vec::new();
    for row in rows {
        let row = row?;
        let (at, [id, age, income, home, marital, size, comp, kids]) = (row.place(), row.fields);
        let id = at.int(id)?;
        let sends = sends.remove(&id).unwrap_or_default();
        households.push(Household {
            id,
            age: at.known(age, "an age band", Age::named)?,
            income: at.known(income, "an income band", Income::named)?,
            home_ownership: at.known(home, "a kind of home ownership", HomeOwnership::named)?,
            marital_status: at.known(marital, "a marital status", MaritalStatus::named)?,
            household_size: at.known(size, "a household size", HouseholdSize::named)?,
            household_comp: at.known(comp, "a household composition", HouseholdComp::named)?,
            kids_count: at.known(kids, "a number of children", KidsCount::named)?,
            baskets: baskets.remove(&id).unwrap_or_default().into(),
            consents: consents(id),
            contacts: sends.iter().map(|send| contact(id, send)).collect(),
            sends: sends.into(),
            redemptions: redemptions.remove(&id).unwrap_or_default().into(),
        });
    }
    households.sort_by_key(|household| household.id);
    Ok(households)
}

type PerHousehold<E> = BTreeMap<i64, Vec<E>>;

fn campaigns(folder: &Path) -> Result<BTreeMap<i64, Campaign>, LoadError> {
    let file = Csv::read(folder, "campaigns.csv")?;
    let mut campaigns = BTreeMap::new();
    for row in file.rows(["campaign_id", "campaign_type", "start_date", "end_date"])? {
        let row = row?;
        let (at, [id, kind, start, _]) = (row.place(), row.fields);
        let kind = at.read(kind, "a campaign type: A, B or C", |kind| match kind {
            "A" => Some(CampaignKind::A),
            "B" => Some(CampaignKind::B),
            "C" => Some(CampaignKind::C),
            _ => None,
        })?;
        campaigns.insert(at.int(id)?, Campaign { kind, start: day(at, start)? });
    }
    Ok(campaigns)
}

fn baskets(folder: &Path) -> Result<PerHousehold<Basket>, LoadError> {
    let file = Csv::read(folder, "baskets.csv")?;
    let mut baskets = PerHousehold::new();
    let rows = file.rows([
        "basket_id",
        "household_id",
        "ts",
        "store_id",
        "lines",
        "sales_cents",
        "retail_disc_cents",
        "coupon_disc_cents",
        "drug_gm_cents",
        "fuel_cents",
    ])?;
    for (sequence, row) in (0..).zip(rows) {
        let row = row?;
        let (at, [_, household, ts, store, lines, sales, card, coupons, drug_gm, fuel]) = (row.place(), row.fields);
        let basket = Basket {
            at: at.read(ts, "a local time such as `2017-01-31T09:30:00`", local_time)?,
            sequence,
            store: at.int(store)?,
            lines: at.int(lines)?,
            sales: cents(at, sales)?,
            card_discount: cents(at, card)?,
            coupon_discount: cents(at, coupons)?,
            drug_gm: cents(at, drug_gm)?,
            fuel: cents(at, fuel)?,
        };
        baskets.entry(at.int(household)?).or_default().push(basket);
    }
    Ok(baskets)
}

fn sends(folder: &Path, campaigns: &BTreeMap<i64, Campaign>) -> Result<PerHousehold<Send>, LoadError> {
    let file = Csv::read(folder, "sends.csv")?;
    let mut sends = PerHousehold::new();
    for (sequence, row) in (0..).zip(file.rows(["campaign_id", "household_id"])?) {
        let row = row?;
        let (at, [campaign, household]) = (row.place(), row.fields);
        let number = at.int(campaign)?;
        let Campaign { kind, start } = at.read(campaign, "a campaign of campaigns.csv", |_| campaigns.get(&number))?;
        let send = Send { at: *start, sequence, campaign: number, kind: *kind };
        sends.entry(at.int(household)?).or_default().push(send);
    }
    Ok(sends)
}

fn redemptions(folder: &Path) -> Result<PerHousehold<Redemption>, LoadError> {
    let file = Csv::read(folder, "redemptions.csv")?;
    let mut redemptions = PerHousehold::new();
    let rows = file.rows(["household_id", "redemption_date", "campaign_id", "coupon_upc"])?;
    for (sequence, row) in (0..).zip(rows) {
        let row = row?;
        let (at, [household, date, campaign, coupon]) = (row.place(), row.fields);
        let redemption =
            Redemption { at: day(at, date)?, sequence, campaign: at.int(campaign)?, coupon: at.int(coupon)? };
        redemptions.entry(at.int(household)?).or_default().push(redemption);
    }
    Ok(redemptions)
}

/// The beginning of a day.
fn day(at: Place<'_>, text: &str) -> Result<Instant, LoadError> {
    at.read(text, "a day such as `2017-01-31`", Date::parse).map(|date| zone().start_of_day(date))
}

/// `2017-01-31T09:30:00`, as the stores' clocks showed it.
fn local_time(text: &str) -> Option<Instant> {
    let (date, time) = text.split_once('T')?;
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let valid = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    let millis = ((hour * 60 + minute) * 60 + second) * 1_000;
    Date::parse(date).filter(|_| valid).map(|date| zone().at(date, millis))
}

fn cents(at: Place<'_>, text: &str) -> Result<Money, LoadError> {
    let cents = at.int(text)?;
    at.read("USD", "a currency", Currency::named).map(|dollar| Money::new(cents, dollar))
}

/// *Invented*: seven households in ten allow e-mail, nine in ten allow letters, and no one is asked about the till or
/// the web site. Who is among them is drawn by the hash that the engine splits customers with, so it never changes.
fn consents(id: i64) -> Vec<Consent> {
    let since = zone().start_of_day(Date::new(2016, 1, 1).unwrap_or(Date::MIN));
    let allows = |channel: &str, percent: u64| bucket(&["consent", channel], &id.to_string()) % 100 < percent;
    [("email", 70), ("mail", 90)]
        .into_iter()
        .map(|(channel, percent)| match allows(channel, percent) {
            true => Consent::granted(channel, "marketing", since),
            false => Consent::denied(channel, "marketing", since),
        })
        .collect()
}

/// *Invented*: which of today's channels and actions an old campaign stands for. Booklets of personal coupons (A) came by
/// mail; the others (B and C) by e-mail.
fn contact(household: i64, send: &Send) -> Contact {
    let (action, channel) = match send.kind {
        CampaignKind::A => ("coupons.personal.booklet", "mail"),
        CampaignKind::B => ("coupons.department.flyer", "email"),
        CampaignKind::C => ("coupons.season.code", "email"),
    };
    Contact {
        id: format!("{}-{household}", send.campaign),
        at: send.at,
        outcome: Outcome::Sent,
        action: action.to_owned(),
        kind: ContactKind::Offer,
        channel: channel.to_owned(),
        variant: None,
    }
}
