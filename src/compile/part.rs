//! One file of a ruleset, read by itself: what need not be done again when another file changes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{File, StatementKind};
use crate::syntax::size::Size;
use crate::syntax::{Limits, Reading, print_file, read_file};

/// A file, what was said about it, and what it says in few bytes.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub file: Arc<File>,
    pub found: Arc<[Diagnostic]>,
    /// Of its statements.
    pub sizes: Arc<[Size]>,
    /// Every word of its statements that could not be read.
    pub broken: Arc<HashSet<String>>,
    /// Whether all of it was read.
    pub whole: bool,
    /// Of the canonical text of what decides in it.
    pub digest: [u8; 32],
}

impl Part {
    /// Reads the file that is the `number`-th of its ruleset.
    pub fn read(text: &str, number: u32, limits: &Limits) -> Self {
        let mut found = Vec::new();
        let Reading { file, sizes, broken, whole } = read_file(text, number, limits, &mut found);
        let digest = Sha256::digest(print_file(&deciding(&file))).into();
        Part { file: Arc::new(file), found: found.into(), sizes: sizes.into(), broken: Arc::new(broken), whole, digest }
    }
}

/// The file without its tests, which decide nothing: with another test, a ruleset is still the same.
fn deciding(file: &File) -> Cow<'_, File> {
    let asks = |kind: &StatementKind| matches!(kind, StatementKind::Test { .. } | StatementKind::Check(_));
    if !file.statements.iter().any(|statement| asks(&statement.node)) {
        return Cow::Borrowed(file);
    }
    let statements = file.statements.iter().filter(|statement| !asks(&statement.node)).cloned().collect();
    Cow::Owned(File { statements })
}
