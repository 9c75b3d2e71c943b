//! Rules bound to a customer type.

use std::any::Any;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::budget::Costs;
use super::catalogue::Candidate;
use super::index::SegmentIndex;
use super::link::Linker;
use super::lowered::Lowered;
use super::needs::Read;
use super::policy::Blocking;
use super::population::Ranked;
use super::prefer::Preferring;
use super::scope::Scopes;
use super::{Evaluator, Request, Revision};
use crate::check::tree::{DefinitionKind, Rules};
use crate::diagnostic::{Diagnostics, nearest};
use crate::leaf::build::customer::asked_id;
use crate::leaf::standing::{AskedId, RankId};
use crate::leaf::{Cx, Get, Program, Scratch};
use crate::schema::{Access, Record, hint};
use crate::time::Instant;

/// Rules bound to customers of type `P`: immutable, cheap to clone, shared by any number of threads.
pub struct Engine<P>(pub(crate) Arc<Inner<P>>);

pub(crate) struct Inner<P> {
    pub rules: Arc<Rules>,
    pub access: Access<P>,
    pub program: Program<P>,
    pub candidates: Vec<Candidate<P>>,
    /// What contacts may be about.
    pub scopes: Scopes,
    /// Blocks of the policy, in the order of the rules.
    pub blocks: Vec<Blocking<P>>,
    /// How many contacts the customer wishes at most, for each cap that asks for it.
    pub wishes: Vec<Option<Get<P, i64>>>,
    /// Which channel comes first.
    pub prefers: Option<Preferring<P>>,
    /// What customers are ranked by in a population.
    pub(super) ranked: Vec<Ranked<P>>,
    pub revision: Revision,
    pub tag: Tag,
    /// The segments among the definitions, each with whether another definition refers to it.
    segments: Vec<(usize, bool)>,
    segment_ids: Vec<SegmentId>,
    /// An index over them, once they have been asked for all at once.
    index: OnceLock<SegmentIndex<P>>,
    costs: Costs,
    found: Diagnostics,
    /// What explanations are built of: made when the first is asked for, and of a type that only they know.
    pub explained: OnceLock<Box<dyn Any + Send + Sync>>,
    /// What the rules read of a customer, once a digest of it has been asked for.
    pub(super) reads: OnceLock<Read>,
    /// The same rules over records, once they have been asked for.
    pub(super) on_records: OnceLock<Engine<Record>>,
    /// Working memory to lend to calls that bring none.
    pool: Mutex<Vec<Scratch>>,
}

/// A segment of one ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentId {
    pub(crate) index: u32,
    pub(crate) tag: Tag,
}

impl SegmentId {
    /// Its number among the definitions of the ruleset: small, so that tables can be laid out by it.
    #[inline]
    pub fn number(self) -> usize {
        self.index as usize
    }
}

/// A `let`, `score`, `group` or `stages` of one ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId {
    pub(crate) index: u32,
    pub(crate) tag: Tag,
}

/// Ties an id to the rules and the shape of customers that it was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Tag(u64);

/// Why an engine refuses a name or an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The rules define no such thing.
    #[error("there is no {what} `{name}`{}", hint(nearest))]
    UnknownName {
        /// Segment or value.
        what: &'static str,
        /// The name given.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// The id is of another ruleset, or of another revision of this one.
    #[error("this id belongs to another ruleset or revision")]
    ForeignId,
}

impl<P> Clone for Engine<P> {
    fn clone(&self) -> Self {
        Engine(Arc::clone(&self.0))
    }
}

impl<P> std::fmt::Debug for Engine<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("rules", &self.0.rules.name).field("revision", &self.0.revision).finish()
    }
}

impl<P: Send + Sync + 'static> Engine<P> {
    pub(super) fn new(
        rules: Rules,
        mut access: Access<P>,
        revision: Revision,
        lowered: Lowered,
        costs: Costs,
        found: Diagnostics,
    ) -> Self {
        let referred: HashSet<usize> =
            rules.definitions.iter().flat_map(|definition| &definition.uses).copied().collect();
        let segments: Vec<(usize, bool)> = rules
            .definitions
            .iter()
            .enumerate()
            .filter(|(_, definition)| definition.kind == DefinitionKind::Segment)
            .map(|(index, _)| (index, referred.contains(&index)))
            .collect();
        let tag = Tag::of(revision, &rules);
        let segment_ids = segments
            .iter()
            .map(|&(index, _)| SegmentId { index: u32::try_from(index).unwrap_or(u32::MAX), tag })
            .collect();
        let Lowered { plans, candidates, blocks, wishes, prefers, ranked, fresh } = lowered;
        for (attribute, time) in fresh {
            access.keep_fresh(attribute, time);
        }
        for (attribute, shape) in rules.shape.attributes.iter().enumerate() {
            let purpose = shape.provenance.as_ref().and_then(|provenance| provenance.purpose.as_ref());
            purpose.into_iter().for_each(|purpose| access.permit(attribute, purpose));
        }
        super::groups::add(&rules, &mut access);
        let linker = Linker::new(&access, &plans);
        let program = linker.program(&rules, &plans);
        let scopes = Scopes::of(&rules);
        let candidates =
            candidates.into_iter().filter_map(|candidate| candidate.link(&linker, &rules, &scopes)).collect();
        let blocks = blocks.iter().map(|block| block.link(&linker)).collect();
        let wishes = wishes.into_iter().map(|wish| wish.map(|wish| linker.word(&wish))).collect();
        let prefers = prefers.zip(rules.policy.prefer.as_ref());
        let prefers = prefers.map(|(value, prefer)| Preferring::link(&linker, &rules, &value, prefer));
        let ranked = ranked.into_iter().map(|plan| plan.link(&linker)).collect();
        Engine(Arc::new(Inner {
            rules: Arc::new(rules),
            access,
            program,
            candidates,
            scopes,
            blocks,
            wishes,
            prefers,
            ranked,
            revision,
            tag,
            segments,
            segment_ids,
            index: OnceLock::new(),
            costs,
            found,
            explained: OnceLock::new(),
            reads: OnceLock::new(),
            on_records: OnceLock::new(),
            pool: Mutex::new(Vec::new()),
        }))
    }

    /// The checked rules.
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// What identifies the ruleset; every decision carries it.
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// What the author should look at: none of it forbids the use of the rules.
    pub fn warnings(&self) -> &Diagnostics {
        &self.0.found
    }

    /// A question at a moment, with no channel and no context yet.
    ///
    /// ```
    /// # use nextbest::{Instant, Ruleset};
    /// # let rules = Ruleset::parse(&[("a.nba", "profile { id id }\n context { weather enum(sun, rain)? }\n channel web inbound")])?;
    /// # let engine = rules.bind_records()?;
    /// let request = engine.request(Instant::from_millis(0)).channel("web")?.context("weather", "rain")?;
    /// assert!(engine.request(Instant::from_millis(0)).context("wether", "rain").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request(&self, now: Instant) -> Request {
        Request::new(Arc::clone(&self.0.rules), now)
    }

    /// Something that evaluates, with working memory of its own: one for each thread.
    pub fn evaluator(&self) -> Evaluator<P> {
        Evaluator::new(self.clone())
    }

    /// A segment by name.
    ///
    /// # Errors
    /// [`EngineError::UnknownName`].
    pub fn segment(&self, name: &str) -> Result<SegmentId, EngineError> {
        let index = self.named("segment", name, |kind| kind == DefinitionKind::Segment)?;
        Ok(SegmentId { index, tag: self.tag() })
    }

    /// A `let`, `score`, `group` or `stages` by name.
    ///
    /// # Errors
    /// [`EngineError::UnknownName`].
    pub fn value(&self, name: &str) -> Result<ValueId, EngineError> {
        let index = self.named("value", name, |kind| kind != DefinitionKind::Segment)?;
        Ok(ValueId { index, tag: self.tag() })
    }

    fn named(&self, what: &'static str, name: &str, is: impl Fn(DefinitionKind) -> bool) -> Result<u32, EngineError> {
        let definitions = &self.0.rules.definitions;
        let place = definitions.iter().position(|definition| is(definition.kind) && definition.name == name);
        place.and_then(|place| u32::try_from(place).ok()).ok_or_else(|| {
            let names = definitions.iter().filter(|d| is(d.kind)).map(|d| d.name.as_str());
            EngineError::UnknownName { what, name: name.to_owned(), nearest: nearest(name, names).map(str::to_owned) }
        })
    }

    /// Every segment, in the order in which they refer to each other.
    pub fn segments(&self) -> impl Iterator<Item = SegmentId> + '_ {
        self.0.segment_ids.iter().copied()
    }

    /// The name of a segment; empty for a foreign id.
    pub fn segment_name(&self, id: SegmentId) -> &str {
        self.definition(id).map_or("", |definition| definition.name.as_str())
    }

    /// The doc string of a segment, where it has one.
    pub fn segment_doc(&self, id: SegmentId) -> Option<&str> {
        self.definition(id).and_then(|definition| definition.doc.as_deref())
    }

    fn definition(&self, id: SegmentId) -> Option<&crate::check::tree::Definition> {
        self.0.rules.definitions.get(self.own(id.index, id.tag).ok()?)
    }

    /// How all segments of a customer are found at once: what is looked up, what is tested, and how much of it. Makes the index
    /// if no evaluator has needed it yet.
    ///
    /// ```
    /// # use nextbest::Ruleset;
    /// # let rules = Ruleset::parse(&[("a.nba", "profile { id id  age int? }\nsegment adult when age >= 18\nsegment child when age < 12")])?;
    /// # let engine = rules.bind_records()?;
    /// let plan = engine.plan();
    /// assert!(plan.linear.is_empty());
    /// assert_eq!(plan.attributes[0].attribute, "age");
    /// println!("{plan}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plan(&self) -> super::IndexPlan {
        let segments = self.0.segment_numbers();
        self.0.index().plan(&self.0.rules, &segments, segments.len() >= super::index::FROM)
    }

    /// What the rules cost at most.
    pub fn cost(&self) -> &Costs {
        &self.0.costs
    }

    #[inline]
    pub(crate) fn tag(&self) -> Tag {
        self.0.tag
    }

    pub(crate) fn own(&self, index: u32, tag: Tag) -> Result<usize, EngineError> {
        self.0.own(index, tag)
    }
}

impl Tag {
    fn of(revision: Revision, rules: &Rules) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *revision.bytes();
        // Rules and shape of customers: ids are places among the definitions, which the two decide.
        let shape = (rules.shape.attributes.len() as u64) << 32 | rules.shape.events.len() as u64;
        Tag(u64::from_be_bytes([a, b, c, d, e, f, g, h]) ^ shape)
    }
}

impl<P: Send + Sync + 'static> Inner<P> {
    /// The index over the segments. The rules are lowered once more for it, to the same numbers: who never asks for all
    /// segments at once pays nothing for it.
    pub(super) fn index(&self) -> &SegmentIndex<P> {
        self.index.get_or_init(|| {
            let plans = Lowered::new(&self.rules).plans;
            SegmentIndex::new(&self.segment_numbers(), &plans.yes, &Linker::new(&self.access, &plans))
        })
    }

    /// The segments, in the order of the definitions.
    #[inline]
    pub(super) fn segment_ids(&self) -> &[SegmentId] {
        &self.segment_ids
    }

    /// The numbers of the segments among the definitions.
    fn segment_numbers(&self) -> Vec<usize> {
        self.segments.iter().map(|(index, _)| *index).collect()
    }
}

impl<P> Inner<P> {
    /// The place of a definition that an id of this ruleset names.
    #[inline]
    pub(crate) fn own(&self, index: u32, tag: Tag) -> Result<usize, EngineError> {
        if tag == self.tag { Ok(index as usize) } else { Err(EngineError::ForeignId) }
    }

    /// The customer's id, by which ties are broken.
    pub(crate) fn rank_id(&self, customer: &P, cx: &Cx<'_>) -> Option<RankId> {
        asked_id(self.access.id.as_deref()?, customer, cx).map(AskedId::owned)
    }

    /// The texts behind the rules.
    pub(crate) fn sources(&self) -> &crate::diagnostic::Sources {
        self.found.sources()
    }

    /// The segments among the definitions, each with whether another definition refers to it.
    pub(crate) fn segment_definitions(&self) -> &[(usize, bool)] {
        &self.segments
    }

    /// Lends working memory from the pool.
    pub(crate) fn with_scratch<T>(&self, work: impl FnOnce(&Scratch) -> T) -> T {
        let lent = self.pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let scratch = lent.unwrap_or_else(|| self.program.scratch());
        let result = work(&scratch);
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < POOL {
            pool.push(scratch);
        }
        result
    }
}

/// Working memories kept for later; more threads than this at once make their own.
const POOL: usize = 64;
