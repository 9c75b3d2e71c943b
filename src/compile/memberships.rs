//! Who is in which segments, of many customers at once.

use std::num::NonZeroUsize;
use std::ops::{BitAnd, BitOr, Sub};

use roaring::RoaringBitmap;

use super::engine::Tag;
use super::parts::in_parts;
use super::{Engine, EngineError, Request, SegmentId};

/// Who is in which segments: [`Engine::segments_all`].
#[derive(Debug, Clone, PartialEq)]
pub struct Memberships {
    tag: Tag,
    customers: usize,
    segments: Vec<SegmentId>,
    /// In the order of the segments.
    members: Vec<Members>,
}

/// Some of many customers, as their places in the order in which they were given: a compressed bitmap.
///
/// ```
/// # use nextbest::{Instant, Ruleset, Value};
/// # let text = "profile { id id  age int? }\nsegment adult when age >= 18\nsegment old when age >= 65";
/// # let rules = Ruleset::parse(&[("a.nba", text)])?;
/// # let (engine, schema) = (rules.bind_records()?, rules.record_schema()?);
/// # let aged = |age: i64| { let mut record = schema.record(); record.set("age", Value::Int(age)).unwrap(); record };
/// let customers = [aged(70), aged(30), aged(12)];
/// let found = engine.segments_all(&customers, &engine.request(Instant::from_millis(0)));
/// let (adult, old) = (found.of(engine.segment("adult")?)?, found.of(engine.segment("old")?)?);
/// assert_eq!((adult.len(), old.len(), adult.overlap(old)), (2, 1, 1));
/// assert_eq!((adult - old).iter().collect::<Vec<_>>(), [1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Members(RoaringBitmap);

/// So many customers are looked at before what was found of them is put together.
const CHUNK: usize = 16_384;

impl<P: Send + Sync + 'static> Engine<P> {
    /// The segments that many customers are definitely in, of the first 2³² of them. The result does not depend on how many threads
    /// work at it, as many as the machine has cores.
    pub fn segments_all<'p>(&self, customers: impl IntoIterator<Item = &'p P>, request: &Request) -> Memberships {
        self.segments_all_on(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN), customers, request)
    }

    /// The same on so many threads at most.
    pub fn segments_all_on<'p>(
        &self,
        threads: NonZeroUsize,
        customers: impl IntoIterator<Item = &'p P>,
        request: &Request,
    ) -> Memberships {
        let customers: Vec<&P> = customers.into_iter().take(u32::MAX as usize).collect();
        let segments = self.0.segment_ids().to_vec();
        // By the number of a segment its place among them.
        let mut places = vec![usize::MAX; self.rules().definitions.len()];
        for (place, segment) in segments.iter().enumerate() {
            places.iter_mut().skip(segment.number()).take(1).for_each(|known| *known = place);
        }
        let find = |first: usize, part: &[&P]| self.found(first, part, request, &places, segments.len());
        let mut members = vec![Members::default(); segments.len()];
        for part in in_parts(threads, &customers, find) {
            // They follow each other.
            members.iter_mut().zip(part).for_each(|(members, part)| members.0 |= part);
        }
        Memberships { tag: self.tag(), customers: customers.len(), segments, members }
    }

    /// Who of a part of the customers is in each segment.
    fn found(
        &self,
        first: usize,
        part: &[&P],
        request: &Request,
        places: &[usize],
        segments: usize,
    ) -> Vec<RoaringBitmap> {
        let mut found = vec![RoaringBitmap::new(); segments];
        let mut chunk: Vec<Vec<u32>> = vec![Vec::new(); segments];
        let mut evaluator = self.evaluator();
        let mut now = evaluator.within(request);
        for (number, customers) in part.chunks(CHUNK).enumerate() {
            for (customer, place) in customers.iter().zip(first + number * CHUNK..) {
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                for segment in now.segments(customer) {
                    let list = places.get(segment.number()).and_then(|&place| chunk.get_mut(place));
                    list.into_iter().for_each(|list| list.push(place));
                }
            }
            for (found, chunk) in found.iter_mut().zip(&mut chunk) {
                // They ascend, so that none is refused.
                _ = found.append(chunk.drain(..));
            }
        }
        found
    }
}

impl Memberships {
    /// How many customers were looked at.
    pub fn customers(&self) -> usize {
        self.customers
    }

    /// Who is in a segment.
    ///
    /// # Errors
    /// [`EngineError::ForeignId`] for an id of another ruleset.
    pub fn of(&self, segment: SegmentId) -> Result<&Members, EngineError> {
        let place = self.segments.binary_search(&segment).ok().filter(|_| segment.tag == self.tag);
        place.and_then(|place| self.members.get(place)).ok_or(EngineError::ForeignId)
    }

    /// Every segment with who is in it, in the order of [`Engine::segments`].
    pub fn iter(&self) -> impl Iterator<Item = (SegmentId, &Members)> {
        self.segments.iter().copied().zip(&self.members)
    }
}

impl Members {
    /// How many they are.
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether they are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the customer in this place is one of them.
    pub fn contains(&self, customer: usize) -> bool {
        u32::try_from(customer).is_ok_and(|customer| self.0.contains(customer))
    }

    /// Their places, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().map(|customer| customer as usize)
    }

    /// How many are among others too.
    pub fn overlap(&self, other: &Members) -> u64 {
        self.0.intersection_len(&other.0)
    }
}

impl BitAnd for &Members {
    type Output = Members;

    /// Who is among both.
    fn bitand(self, other: &Members) -> Members {
        Members(&self.0 & &other.0)
    }
}

impl BitOr for &Members {
    type Output = Members;

    /// Who is among one of them at least.
    fn bitor(self, other: &Members) -> Members {
        Members(&self.0 | &other.0)
    }
}

impl Sub for &Members {
    type Output = Members;

    /// Who is not among the others.
    fn sub(self, other: &Members) -> Members {
        Members(&self.0 - &other.0)
    }
}
