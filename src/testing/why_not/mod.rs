//! Why an action does not win, as what would have to be otherwise: the fewest changes that make it win, found by deciding with
//! them.

mod bearing;
mod change;
mod past;
mod search;
mod told;

use std::any::Any;

use serde::Serialize;

use crate::compile::{Engine, Request};
use crate::decide::Stage;
use crate::explain::clause_text;
use crate::schema::Record;
pub use change::{Change, Happened};
use search::{Bound, Search};

/// What would make an action win.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// Nothing needs to change: it wins.
    Wins,
    /// The fewest changes that make it win; of as many the ones that were tried first.
    Changes(Vec<Change>),
    /// Nothing that can be changed bears on what stops it.
    Never,
    /// None was found within the bound.
    NotFound,
}

/// Why an action does not win.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WhyNot {
    /// Its path.
    pub action: String,
    /// What stops it as things are, for each place of the request where it does not win: the stage, and the clause as it is
    /// written, empty where it is none.
    pub stopped: Vec<(Stage, String)>,
    /// What would make it win.
    pub answer: Answer,
    /// How many decisions were made to find out.
    pub tries: usize,
    /// How many changes at once were tried at most.
    pub most: usize,
}

impl<P: Send + Sync + 'static> Engine<P> {
    /// The fewest changes that would make an action win on some place of the request: other values, consents, a later moment, events
    /// or contacts that had been or had not, a request that halts nothing, a competitor less. Each answer has been decided with.
    /// `None` for a path that is no action's; of one that is made of rows the path of one of them may be given,
    /// `shop.daily.pick[boots]`.
    ///
    /// The values tried are those at which conditions change their minds. Events that a rule names together (`order where total > 40 EUR
    /// within 30 days`) are one change, all gone or so many more of them; then as few of them are gone as will do. Of as many changes those
    /// come first that are no past facts: see [`Change::is_past`].
    ///
    /// The customer's id, zone and whatever is `fixed` stay as they are: attributes, lists of items and kinds of event by name,
    /// `consents`, `contacts` and `now`. What an experiment, a control group or the holdout draws is never changed. Up to four changes are made at
    /// once, and some thousand decisions: [`Answer::NotFound`] says that this was not enough, [`Answer::Never`] that nothing
    /// was left to try. A customer who is no [`Record`] is copied to one first, see [`snapshot`](Engine::snapshot).
    ///
    /// ```
    /// # use nextbest::{Instant, Ruleset};
    /// # let rules = Ruleset::parse(&[("a.nba", r#"
    /// # ruleset shop { currency EUR }
    /// # profile { id id  age int? }
    /// # channel email outbound needs consent email.marketing
    /// # program p { campaign c for everyone every {
    /// #   offer wine { value 9 EUR  propensity 10%  eligible when age >= 18  treat email "wine" }
    /// # } }
    /// # "#)])?;
    /// # let (engine, schema) = (rules.bind_records()?, rules.record_schema()?);
    /// # let mut customer = schema.record();
    /// customer.set("age", 16)?;
    /// let request = engine.request(Instant::from_millis(0)).channel("email")?;
    /// let why = engine.why_not(&customer, &request, "p.c.wine", &[]).expect("it is there");
    /// assert!(why.to_string().starts_with("p.c.wine would win with consent email.marketing, age = 18"), "{why}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn why_not(&self, customer: &P, request: &Request, action: &str, fixed: &[&str]) -> Option<WhyNot> {
        let records = (self as &dyn Any).downcast_ref::<Engine<Record>>();
        match records.zip((customer as &dyn Any).downcast_ref::<Record>()) {
            Some((engine, record)) => why_not(engine, (record, request), action, fixed, Bound::FULL),
            None => {
                let (engine, record) = (self.on_records(), self.snapshot(customer, request));
                why_not(&engine, (&record, request), action, fixed, Bound::FULL)
            }
        }
    }
}

/// What would make an action win that a test expects, where it takes little: a failing test is not to last.
pub(super) fn in_short(engine: &Engine<Record>, asked: (&Record, &Request), action: &str) -> Option<WhyNot> {
    why_not(engine, asked, action, &[], Bound::SHORT)
}

fn why_not(
    engine: &Engine<Record>,
    (customer, request): (&Record, &Request),
    action: &str,
    fixed: &[&str],
    bound: Bound,
) -> Option<WhyNot> {
    let rules = engine.rules();
    let (whole, row) = match action.strip_suffix(']').and_then(|action| action.split_once('[')) {
        Some((whole, row)) => (whole, Some(row)),
        None => (action, None),
    };
    let (number, (path, campaign, checked)) = rules.actions().enumerate().find(|(_, (path, ..))| path == whole)?;
    if row.is_some() && checked.rows.is_none() {
        return None;
    }
    let mut search = Search::new(engine, (customer, request), (number, &path, campaign, checked), row, fixed, bound);
    let first = search.fates(&[]);
    let stopped = first.iter().filter_map(|fate| {
        let clause = clause_text(engine.0.sources(), (fate.span != checked.span).then_some(fate.span));
        Some((fate.left?, clause))
    });
    let stopped = stopped.collect();
    let answer = search.answer(first);
    let tries = search.tries();
    Some(WhyNot { action: action.to_owned(), stopped, answer, tries, most: bound.most })
}

impl WhyNot {
    /// A customer and a request with the changes, to decide with; as they are where there are none. Of a customer of another type it
    /// is the [`snapshot`](Engine::snapshot) that is changed.
    pub fn changed(&self, customer: &Record, request: &Request) -> (Record, Request) {
        match &self.answer {
            Answer::Changes(changes) => change::changed(customer, request, changes),
            _ => (customer.clone(), request.clone()),
        }
    }
}
