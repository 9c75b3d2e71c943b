//! The tree as JSON, for programs that build rules.

use serde::{Deserialize, Serialize};

use super::Ruleset;
use crate::diagnostic::Diagnostics;
use crate::syntax::ast::{File, Statement};
use crate::syntax::{Limits, print_file, print_statement, says_the_same};

/// The version that is written; others are refused.
const VERSION: u64 = 1;

/// Why JSON is no ruleset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// It is no JSON, or not of this shape.
    #[error("{path}: {message}")]
    Shape {
        /// Where: `$.files[0].statements[3].segment.when`.
        path: String,
        /// What is wrong there.
        message: String,
    },
    /// It was written by a later version of this crate.
    #[error("$.version: version {found} of the tree is not known; this is version {VERSION}")]
    Version {
        /// The version that it states.
        found: u64,
    },
    /// A statement that no text says, such as a name with a blank in it or a negative number that is not `negate`.
    #[error("{path}: no text says this; written as `{text}` it would mean something else")]
    Unwritable {
        /// Where: `$.files[0].statements[3]`.
        path: String,
        /// What it would be written as.
        text: String,
    },
    /// What is wrong with the rules themselves; places are in the text that the tree is written as.
    #[error(transparent)]
    Rules(#[from] Diagnostics),
}

#[derive(Serialize)]
struct Written<'a> {
    version: u64,
    files: Vec<WrittenFile<'a>>,
}

#[derive(Serialize)]
struct WrittenFile<'a> {
    name: &'a str,
    statements: &'a [Statement],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tree {
    #[serde(rename = "version")]
    _version: u64,
    files: Vec<TreeFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TreeFile {
    name: String,
    statements: Vec<Statement>,
}

/// As much as can be read whatever the version.
#[derive(Deserialize)]
struct Head {
    version: u64,
}

#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
impl Ruleset {
    /// The rules as JSON, for programs that show or build them; `docs/json-tree.md` describes every form.
    ///
    /// Comments and layout are not part of it.
    ///
    /// ```
    /// use nextbest::Ruleset;
    ///
    /// let rules = Ruleset::parse(&[("a.nba", "segment adult when age >= 18")])?;
    /// assert_eq!(
    ///     rules.to_json(),
    ///     r#"{"version":1,"files":[{"name":"a.nba","statements":[{"segment":{"name":"adult","doc":null,"zone":null,"when":"#
    ///         .to_owned()
    ///         + r#"{"compare":{"op":"greater_or_equal","left":{"path":["age"]},"right":{"literal":{"int":18}}}}}}]}]}"#,
    /// );
    /// let again = Ruleset::from_json(&rules.to_json()).unwrap();
    /// assert_eq!(again.revision(), rules.revision());
    /// # Ok::<(), nextbest::Diagnostics>(())
    /// ```
    pub fn to_json(&self) -> String {
        let names = (0u32..).map(|number| self.sources().name(number).unwrap_or(""));
        let files = self.files().iter().zip(names);
        let files = files.map(|(file, name)| WrittenFile { name, statements: &file.statements }).collect();
        // Trees hold nothing that JSON cannot say.
        serde_json::to_string(&Written { version: VERSION, files }).unwrap_or_default()
    }

    /// Reads the rules that [`to_json`](Self::to_json) or a program wrote.
    ///
    /// The tree is written as text and read: all that [`parse`](Self::parse) finds is found, and places are in that text
    /// ([`sources`](Self::sources)). An optional key may be left out, an unknown one is an error.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn from_json(json: &str) -> Result<Self, TreeError> {
        Self::from_json_with(json, &Limits::default())
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn from_json_with(json: &str, limits: &Limits) -> Result<Self, TreeError> {
        let Head { version } = read(json)?;
        if version != VERSION {
            return Err(TreeError::Version { found: version });
        }
        let Tree { files, .. } = read(json)?;
        let (names, files): (Vec<String>, Vec<File>) =
            files.into_iter().map(|file| (file.name, File { statements: file.statements })).unzip();
        let texts: Vec<(String, String)> = names.into_iter().zip(files.iter().map(print_file)).collect();
        let rules = Ruleset::parse_with(&texts, limits)?;
        for (number, (built, file)) in files.iter().zip(rules.files()).enumerate() {
            let readings = file.statements.iter().map(Some).chain(std::iter::repeat(None));
            for (index, (statement, reading)) in built.statements.iter().zip(readings).enumerate() {
                if !reading.is_some_and(|reading| says_the_same(statement, reading)) {
                    let path = format!("$.files[{number}].statements[{index}]");
                    return Err(TreeError::Unwritable { path, text: print_statement(statement).trim_end().to_owned() });
                }
            }
        }
        Ok(rules)
    }
}

/// Reads JSON; the tree bounds its own depth.
fn read<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, TreeError> {
    let mut reader = serde_json::Deserializer::from_str(json);
    reader.disable_recursion_limit();
    T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|error| {
        let message = error.to_string();
        TreeError::Shape { path: place::<T>(json, &message).unwrap_or_else(|| "$".to_owned()), message }
    })
}

/// Where the error of a text is. Following the path takes half as much stack again, so that it is followed only within
/// serde's own limit of depth; the message names line and column anyway.
fn place<'de, T: Deserialize<'de>>(json: &'de str, message: &str) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    let path = error.path().to_string();
    (path != "." && error.inner().to_string() == message).then(|| format!("$.{path}"))
}
