//! Deciding for many at once: what there is only so much of goes to those to whom it is worth most.
//!
//! Everybody is decided for as if there were enough. Whoever would then take something from a stock stands in a queue with
//! it, by worth; when their turn comes and there is none left, they are decided for anew without it. A turn only ever moves
//! back, since what has run out stays so: that is the greedy allocation over all pairs of a person and an action.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;

use super::rank::Worth;
use super::{Decision, Pipeline};
use crate::compile::{Engine, Inner, Inputs, Request, Resolved, in_parts};
use crate::leaf::standing::RankId;

impl<P: Send + Sync + 'static> Engine<P> {
    /// The next best action for many customers, who share what [`Request::stock`] says there is only so much of. The decisions
    /// come in the order of the customers.
    ///
    /// All pairs of a customer and an action are gone through in the order in which actions rank, by tier, priority and value,
    /// and of equals by the customer's id; each gets the action if it is theirs to have and there is one left. Who comes too
    /// late gets what comes next for them: the decision is that of [`decide`](Self::decide) with those actions out of stock
    /// that were gone when their turn came. A control group and the holdout queue with the others, and take nothing.
    ///
    /// The result depends neither on the order of the customers nor on how many threads work at it, as many as the machine
    /// has cores. Customers who have the same id or none come, as far as they are equals, in the order given.
    ///
    /// ```
    /// # use nextbest::{Instant, Ruleset};
    /// # let rules = Ruleset::parse(&[("a.nba", r#"
    /// # ruleset shop { currency EUR }
    /// # profile { id id  clv money EUR? }
    /// # channel web inbound
    /// # program p { campaign c for everyone every {
    /// #   offer cruise { value clv  propensity 10%  treat web "cruise" }
    /// #   offer atlas  { value 1 EUR  propensity 10%  treat web "atlas" }
    /// # } }
    /// # "#)])?;
    /// # let engine = rules.bind_records()?;
    /// # let schema = rules.record_schema()?;
    /// # let worth = |id: &str, euros: i64| -> Result<_, nextbest::RecordError> {
    /// #     let clv = nextbest::Money::new(euros * 100, nextbest::Currency::named("EUR").unwrap());
    /// #     let mut r = schema.record(); r.set("id", id)?.set("clv", clv)?; Ok(r)
    /// # };
    /// let customers = [worth("ann", 20)?, worth("bob", 90)?, worth("cid", 50)?];
    /// let request = engine.request(Instant::from_millis(0)).channel("web")?.stock("p.c.cruise", 2)?;
    /// let decisions = engine.decide_all(&customers, &request);
    /// let actions: Vec<_> = decisions.iter().filter_map(|d| d.action()).map(|a| a.action.as_str()).collect();
    /// assert_eq!(actions, ["p.c.atlas", "p.c.cruise", "p.c.cruise"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_all<'p>(&self, customers: impl IntoIterator<Item = &'p P>, request: &Request) -> Vec<Decision> {
        self.decide_all_on(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN), customers, request)
    }

    /// The same on so many threads at most.
    pub fn decide_all_on<'p>(
        &self,
        threads: NonZeroUsize,
        customers: impl IntoIterator<Item = &'p P>,
        request: &Request,
    ) -> Vec<Decision> {
        let inner = &*self.0;
        let customers: Vec<&P> = customers.into_iter().collect();
        let resolved = request.resolve(&inner.rules);
        let all = All { inner, request, resolved: &resolved };
        let (mut decisions, queues): (Vec<Decision>, Vec<Queue>) =
            all.as_if_enough(&customers, threads).into_iter().unzip();
        all.share(&customers, &mut decisions, queues);
        decisions
    }
}

/// Something that a customer would take from a stock.
struct Wish {
    candidate: usize,
    worth: Worth,
    /// How much of which stocks, by their numbers.
    takes: Vec<(usize, u64)>,
    /// Whether it is withheld from the customer, so that none is used up.
    withheld: bool,
}

/// What a customer would take from stocks, in the order of the decision.
#[derive(Default)]
struct Queue {
    wishes: Vec<Wish>,
    /// How many of them were granted.
    granted: usize,
    /// Candidates that were gone when the customer's turn came.
    gone: Vec<usize>,
}

/// A customer's turn: the greatest is next.
struct Turn {
    worth: Worth,
    id: Option<RankId>,
    customer: usize,
}

impl Turn {
    /// What places equals: who has no id comes last.
    fn place(&self) -> (bool, &Option<RankId>, usize) {
        (self.id.is_none(), &self.id, self.customer)
    }
}

impl Ord for Turn {
    fn cmp(&self, other: &Self) -> Ordering {
        other.worth.order(&self.worth).then_with(|| other.place().cmp(&self.place()))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Turn {}

/// One request to decide for everybody.
struct All<'a, P> {
    inner: &'a Inner<P>,
    request: &'a Request,
    resolved: &'a Resolved,
}

impl<P: Send + Sync + 'static> All<'_, P> {
    /// Everybody by themselves, in as many parts as there are threads.
    fn as_if_enough(&self, customers: &[&P], threads: NonZeroUsize) -> Vec<(Decision, Queue)> {
        let inputs = &self.resolved.inputs;
        let decide = |part: &[&P]| -> Vec<(Decision, Queue)> {
            let decided = part.iter().map(|customer| self.decide(customer, inputs));
            decided.map(|(decision, wishes)| (decision, Queue { wishes, ..Queue::default() })).collect()
        };
        in_parts(threads, customers, |_, part| decide(part)).into_iter().flatten().collect()
    }

    /// Goes through the turns, and decides anew for those who come too late.
    fn share(&self, customers: &[&P], decisions: &mut [Decision], mut queues: Vec<Queue>) {
        let stock = &self.resolved.inputs.stock;
        let mut remaining: Vec<u64> = stock.iter().map(|stock| stock.remaining).collect();
        let mut turns: BinaryHeap<Turn> = BinaryHeap::new();
        for (customer, (of, queue)) in customers.iter().zip(&queues).enumerate() {
            if let Some(wish) = queue.wishes.first() {
                turns.push(Turn { worth: wish.worth, id: self.id(of), customer });
            }
        }
        while let Some(Turn { id, customer, .. }) = turns.pop() {
            let Some(queue) = queues.get_mut(customer) else { continue };
            let Some(wish) = queue.wishes.get(queue.granted) else { continue };
            if wish.takes.iter().all(|&(place, much)| remaining.get(place).is_none_or(|&left| much <= left)) {
                queue.granted += 1;
                for &(place, much) in wish.takes.iter().filter(|_| !wish.withheld) {
                    remaining.get_mut(place).into_iter().for_each(|left| *left -= much);
                }
            } else {
                queue.gone.push(wish.candidate);
                let mut inputs = self.resolved.inputs.clone();
                let rows = &self.resolved.inputs.rows;
                queue.gone.iter().for_each(|&candidate| inputs.run_out(rows.who(candidate)));
                if let (Some(of), Some(decision)) = (customers.get(customer), decisions.get_mut(customer)) {
                    // What was granted comes before what is gone, so that it stays as it is.
                    (*decision, queue.wishes) = self.decide(of, &inputs);
                }
            }
            if let Some(wish) = queue.wishes.get(queue.granted) {
                turns.push(Turn { worth: wish.worth, id, customer });
            }
        }
    }

    fn decide(&self, customer: &P, inputs: &Inputs) -> (Decision, Vec<Wish>) {
        let All { inner, request, resolved } = self;
        inner.with_scratch(|scratch| {
            let frame = inner.frame(customer, request.now(), resolved, scratch, &inner.program);
            let cx = frame.of(customer);
            let mut pipeline = Pipeline::new(inner, customer, &cx, inputs);
            let decision = pipeline.decided(&resolved.places);
            let wishes = pipeline.taken.iter().map(|taken| {
                let of = inputs.stock.iter().enumerate().filter(|(_, stock)| pipeline.is_of(stock, taken.candidate));
                let takes =
                    of.filter_map(|(n, stock)| Some((n, pipeline.takes(stock, taken.candidate, taken.channel)?)));
                let (worth, withheld) = (taken.worth, taken.withheld.is_some());
                Wish { candidate: taken.candidate, worth, takes: takes.collect(), withheld }
            });
            (decision, wishes.filter(|wish| !wish.takes.is_empty()).collect())
        })
    }

    fn id(&self, customer: &P) -> Option<RankId> {
        self.inner.with_scratch(|scratch| {
            let frame = self.inner.frame(customer, self.request.now(), self.resolved, scratch, &self.inner.program);
            self.inner.rank_id(customer, &frame.of(customer))
        })
    }
}
