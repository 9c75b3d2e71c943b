//! Cases on all cores, from a seed on.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that the environment sets.
pub fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// The number of the first case.
fn first() -> u64 {
    setting("NEXTBEST_SEED").unwrap_or(0)
}

/// Does the work for as many seeds, on as many threads as there are cores, until it says `false` or panics.
pub fn in_parallel(count: u64, work: impl Fn(u64) -> bool + Sync) {
    let next = AtomicU64::new(0);
    let worker = || {
        // A panic counts as the end until the work says otherwise.
        let mut last = StopOnDrop(&next, true);
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            if i >= count {
                last.1 = false;
                return;
            }
            if !work(first() + i) {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
    });
}

/// Leaves no more work to anyone when it goes, if told so.
struct StopOnDrop<'a>(&'a AtomicU64, bool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        if self.1 {
            self.0.store(u64::MAX / 2, Ordering::Relaxed);
        }
    }
}
