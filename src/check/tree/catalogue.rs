//! Channels, policies and programs, checked.

use serde::Serialize;

use super::{Boost, Content, EachRow, Entry, Exception, Expr, Lever, Promo, Rules, Share, Treatment, Valid, Worth};
use crate::diagnostic::Span;
use crate::syntax::ast::{ActionKind, ClauseKind, Direction};

/// A channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Who starts the conversation.
    pub direction: Direction,
    /// The consent it needs: channel and purpose.
    pub consent: Option<(String, String)>,
    /// What one contact on it costs, in minor units of the ruleset's currency.
    pub cost: i64,
    /// Its slots; without any, it is one place.
    pub slots: Vec<Slot>,
    /// Where.
    pub span: Span,
}

/// A place on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// How many actions it shows at once, at least one.
    pub capacity: u32,
}

/// What an action must be worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Threshold {
    /// In minor units of the ruleset's currency.
    pub minor: i64,
    /// Where.
    pub span: Span,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Rules for all of its actions.
    pub clauses: Vec<Rule>,
    /// What they are not held by.
    pub exceptions: Vec<Exception>,
    /// Its campaigns, in the order of the text.
    pub campaigns: Vec<Campaign>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Campaign {
    /// Its name.
    pub name: String,
    /// Index of the definition of its segment; `None` is everyone.
    pub segment: Option<usize>,
    /// Where the segment is named.
    pub segment_span: Span,
    /// When a customer may enter it, and until when an entry lasts.
    pub entry: Entry,
    /// The share of customers that it leaves alone, to compare with.
    pub control: Option<Share>,
    /// When it runs.
    pub valid: Option<Valid>,
    /// What weighs all of its actions.
    pub boosts: Vec<Boost>,
    /// The same, by decree.
    pub levers: Vec<Lever>,
    /// Rules for all of its actions.
    pub clauses: Vec<Rule>,
    /// What they are not held by.
    pub exceptions: Vec<Exception>,
    /// Its actions, in the order of the text.
    pub actions: Vec<Action>,
}

/// `eligible when …` and its siblings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Which of them.
    pub kind: ClauseKind,
    /// Its name, which no other rule has on the way from the ruleset to it.
    pub name: Option<String>,
    /// The condition.
    pub when: Expr,
    /// The reason given.
    pub because: Option<String>,
    /// Where.
    pub span: Span,
}

/// An offer, message or service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: ActionKind,
    /// Whether it is for where nothing else is shown: it ranks behind all others, and is not weighed.
    pub fallback: bool,
    /// The rows that it is made of: each is a candidate of its own.
    pub rows: Option<EachRow>,
    /// The paths of the actions that it puts together, none of which is a bundle or made of rows; empty: it is no bundle. It is
    /// for whom all of them are, and a contact about it is about each of them.
    pub members: Vec<String>,
    /// What it earns when it succeeds: money of the ruleset's currency.
    pub value: Option<Expr>,
    /// The same where the rules have an objective: towards each of its aims at most once, in their order.
    pub worth: Vec<Worth>,
    /// What it costs: money of the ruleset's currency.
    pub cost: Option<Expr>,
    /// The chance that it succeeds: a share.
    pub propensity: Option<Expr>,
    /// How many contacts the propensity is trusted like, when evidence is given: at least one. `None`: no evidence is taken.
    pub trust: Option<u32>,
    /// When it is available.
    pub valid: Option<Valid>,
    /// The code that comes with it.
    pub promo: Option<Promo>,
    /// What weighs it.
    pub boosts: Vec<Boost>,
    /// The same, by decree.
    pub levers: Vec<Lever>,
    /// The lawful basis of a service.
    pub basis: Option<String>,
    /// Its rules.
    pub clauses: Vec<Rule>,
    /// What it is not held by.
    pub exceptions: Vec<Exception>,
    /// Where it can be shown.
    pub treatments: Vec<Treatment>,
    /// Where.
    pub span: Span,
}

impl Rules {
    /// Every campaign, in the order of the text.
    pub fn campaigns(&self) -> impl Iterator<Item = &Campaign> {
        self.programs.iter().flat_map(|program| &program.campaigns)
    }

    /// Every action with its path and its campaign, in the order of the text.
    pub fn actions(&self) -> impl Iterator<Item = (String, &Campaign, &Action)> {
        self.programs.iter().flat_map(|program| {
            program.campaigns.iter().flat_map(move |campaign| {
                let path = move |action: &Action| format!("{}.{}.{}", program.name, campaign.name, action.name);
                campaign.actions.iter().map(move |action| (path(action), campaign, action))
            })
        })
    }

    /// Every experiment by its path, `program.campaign.action.experiment`, with the content that it is; once for each treatment.
    pub fn experiments(&self) -> impl Iterator<Item = (String, &Content)> {
        self.actions().flat_map(|(path, _, action)| {
            let contents = action.treatments.iter().map(|treatment| &treatment.content);
            contents.filter_map(move |content| Some((format!("{path}.{}", content.trial()?.name), content)))
        })
    }
}

impl Action {
    /// What its value is made of.
    pub fn values(&self) -> impl Iterator<Item = &Expr> {
        self.value.iter().chain(self.worth.iter().flat_map(Worth::exprs))
    }

    /// What its priority is made of, but for what weighs it.
    pub fn amounts(&self) -> impl Iterator<Item = &Expr> {
        self.values().chain(&self.cost).chain(&self.propensity)
    }
}

/// Whether a path is of what has another path, or is part of it.
pub(crate) fn is_under(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

impl Channel {
    /// Whether we go to the customer.
    pub fn is_outbound(&self) -> bool {
        self.direction == Direction::Outbound
    }
}
