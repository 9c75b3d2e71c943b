//! From text to an engine: 10,000 random segments, and a customer type of a hundred attributes.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::customer::Customer;
use common::random;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nextbest::{Profile, Ruleset, Schema};

const SEGMENTS: usize = 10_000;

fn compile(c: &mut Criterion) {
    let mut group = c.benchmark_group("compile");
    group.sample_size(10);
    for count in [SEGMENTS / 2, SEGMENTS] {
        let text = random::file(count);
        let rules = Ruleset::parse(&[("bench.nba", &text)]).unwrap_or_else(|errors| panic!("{errors}"));
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("parse", count), |b| {
            b.iter_with_large_drop(|| Ruleset::parse(&[("bench.nba", &text)]));
        });
        group.bench_function(BenchmarkId::new("check and bind", count), |b| {
            b.iter_with_large_drop(|| rules.bind::<Customer>());
        });
        group.bench_function(BenchmarkId::new("index", count), |b| {
            b.iter_batched(
                || rules.bind::<Customer>().unwrap_or_else(|errors| panic!("{errors}")),
                |engine| {
                    engine.plan();
                    engine
                },
                BatchSize::PerIteration,
            );
        });
        group.bench_function(BenchmarkId::new("parse, check and bind", count), |b| {
            b.iter_batched(
                || (),
                |()| Ruleset::parse(&[("bench.nba", &text)]).and_then(|rules| rules.bind::<Customer>()),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// A customer type with a hundred attributes, as large as hosts have them. What the compiler makes of it is the
/// bulk of this program: `benches/README.md` says how to see how much that is.
macro_rules! wide {
    ($($int:ident $number:ident $text:ident $flag:ident $list:ident)*) => {
        #[derive(Profile)]
        struct Wide {
            $($int: Option<i64>, $number: Option<f64>, $text: Option<String>, $flag: bool, $list: Vec<String>,)*
        }

        /// A segment on every attribute.
        const WIDE: &str = concat!(
            $("segment on_", stringify!($int), " when ", stringify!($int), " >= 10 and ", stringify!($number), " < 0.5 and ",
              stringify!($text), " contains \"a\" and ", stringify!($flag), " and ",
              stringify!($list), " contains any of [\"a\", \"b\"]\n",)*
        );
    };
}

wide! {
    i0 n0 t0 f0 l0  i1 n1 t1 f1 l1  i2 n2 t2 f2 l2  i3 n3 t3 f3 l3  i4 n4 t4 f4 l4
    i5 n5 t5 f5 l5  i6 n6 t6 f6 l6  i7 n7 t7 f7 l7  i8 n8 t8 f8 l8  i9 n9 t9 f9 l9
    i10 n10 t10 f10 l10  i11 n11 t11 f11 l11  i12 n12 t12 f12 l12  i13 n13 t13 f13 l13  i14 n14 t14 f14 l14
    i15 n15 t15 f15 l15  i16 n16 t16 f16 l16  i17 n17 t17 f17 l17  i18 n18 t18 f18 l18  i19 n19 t19 f19 l19
}

fn wide(c: &mut Criterion) {
    let rules = Ruleset::parse(&[("wide.nba", WIDE)]).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(Wide::describe(Schema::new()).shape().attributes.len(), 100);
    let mut group = c.benchmark_group("wide");
    group.bench_function("describe 100 attributes", |b| b.iter(|| Wide::describe(Schema::new())));
    group.bench_function("bind to 100 attributes", |b| b.iter_with_large_drop(|| rules.bind::<Wide>()));
    group.finish();
}

criterion_group!(benches, compile, wide);
criterion_main!(benches);
