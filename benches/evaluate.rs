//! One customer against rules, beside the same checks written by hand. `benches/README.md` has the figures.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::hint::black_box;

use common::cases::{self, CUSTOMERS, Case, Crowds};
use common::customer::{self, Customer, population};
use common::segments;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nextbest::Profile;

fn single(c: &mut Criterion) {
    one_by_one(c, cases::of_customers());
    one_by_one(c, cases::of_shoppers());
}

/// Every single segment and its twin, over all customers in turn.
fn one_by_one<P: Profile>(c: &mut Criterion, (cases, mut crowds): (Vec<Case<P>>, Crowds<P>)) {
    for case in cases {
        let customers = crowds.with(case.events);
        let (engine, segment) = case.engine();
        let request = engine.request(customer::now());
        let population = engine.population(customers, &request);
        let request = request.population(&population);
        let mut evaluator = engine.evaluator();
        let mut group = c.benchmark_group(case.group);
        group.throughput(Throughput::Elements(customers.len() as u64));
        group.bench_function(BenchmarkId::new(case.name, "hand-written"), |b| {
            b.iter(|| customers.iter().filter(|customer| black_box(&case.twin)(customer)).count());
        });
        group.bench_function(BenchmarkId::new(case.name, "engine"), |b| {
            let mut is_in = |customer: &P| evaluator.is_in(customer, &request, segment) == Ok(true);
            b.iter(|| customers.iter().filter(|customer| is_in(customer)).count());
        });
        group.bench_function(BenchmarkId::new(case.name, "engine, one segment in one request"), |b| {
            let mut only = evaluator.within(&request).only(segment).unwrap();
            b.iter(|| customers.iter().filter(|customer| only.is_in(customer)).count());
        });
        group.finish();
    }
}

/// All matching segments of a thousand, for one customer after another.
fn many(c: &mut Criterion) {
    let customers = population(CUSTOMERS, 0);
    let (texts, twins): (Vec<_>, Vec<_>) = segments::segments(1_000).into_iter().unzip();
    let (engine, _) = cases::engine::<Customer>(&segments::text(texts.iter().map(String::as_str)), "s0");
    let request = engine.request(customer::now());
    let mut evaluator = engine.evaluator();
    let mut group = c.benchmark_group("segments");
    let mut rotation = customers.iter().cycle();
    group.bench_function(BenchmarkId::new("1,000", "hand-written"), |b| {
        b.iter(|| {
            let customer = rotation.next()?;
            Some(twins.iter().filter(|twin| twin(customer)).count())
        });
    });
    let mut rotation = customers.iter().cycle();
    group.bench_function(BenchmarkId::new("1,000", "engine"), |b| {
        b.iter(|| Some(evaluator.segments(rotation.next()?, &request).len()));
    });
    group.finish();
}

criterion_group!(benches, single, many);
criterion_main!(benches);
