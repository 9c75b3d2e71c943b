//! Work shared out among threads.

use std::num::NonZeroUsize;
use std::thread::{Builder, scope};

/// Does the work for all of them, in as many parts as there are threads, and gives what came of each, in order. The work is
/// handed where its part begins.
pub(crate) fn in_parts<T: Sync, R: Send>(
    threads: NonZeroUsize,
    all: &[T],
    work: impl Fn(usize, &[T]) -> R + Sync,
) -> Vec<R> {
    let size = all.len().div_ceil(threads.get()).max(1);
    let work = &work;
    scope(|scope| {
        let parts: Vec<_> = all
            .chunks(size)
            .zip((0..).step_by(size))
            .map(|(part, first)| (part, first, Builder::new().spawn_scoped(scope, move || work(first, part))))
            .collect();
        // A part for which there is no thread is done here.
        let parts = parts.into_iter().map(|(part, first, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => work(first, part),
        });
        parts.collect()
    })
}
