//! Comma-separated files, of the plain kind: a heading, then rows; no quotes, no commas inside a field.

use std::path::{Path, PathBuf};

/// Why the data could not be loaded: always with the file, and with the line where there is one.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file could not be read at all.
    #[error("{}: {problem}", file.display())]
    Unreadable { file: PathBuf, problem: std::io::Error },
    /// A line does not say what it should.
    #[error("{}:{line}: expected {expected}, found `{found}`", file.display())]
    BadLine { file: PathBuf, line: usize, expected: String, found: String },
}

/// A file, read whole.
pub struct Csv {
    file: PathBuf,
    text: String,
}

/// A line of `N` fields, which knows where it stands.
pub struct Row<'c, const N: usize> {
    pub fields: [&'c str; N],
    place: Place<'c>,
}

/// Where a field stands, for messages.
#[derive(Clone, Copy)]
pub struct Place<'c> {
    file: &'c Path,
    line: usize,
}

impl Csv {
    /// Reads a file of a folder.
    pub fn read(folder: &Path, name: &str) -> Result<Self, LoadError> {
        let file = folder.join(name);
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Csv { file, text }),
            Err(problem) => Err(LoadError::Unreadable { file, problem }),
        }
    }

    /// The rows, whose columns must have these names, in this order.
    pub fn rows<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<impl Iterator<Item = Result<Row<'_, N>, LoadError>>, LoadError> {
        let mut rows = (1..).zip(self.text.lines()).map(|(line, text)| {
            let place = Place { file: &self.file, line };
            if text.contains('"') {
                return Err(place.bad("plain fields without quotes", text));
            }
            let fields: Vec<&str> = text.split(',').collect();
            match fields.try_into() {
                Ok(fields) => Ok(Row { fields, place }),
                Err(_) => Err(place.bad(format!("{N} fields"), text)),
            }
        });
        match rows.next().transpose()? {
            Some(heading) if heading.fields == names => Ok(rows),
            found => {
                let found = found.map_or_else(String::new, |heading| heading.fields.join(","));
                Err(Place { file: &self.file, line: 1 }.bad(format!("the heading `{}`", names.join(",")), &found))
            }
        }
    }
}

impl<'c, const N: usize> Row<'c, N> {
    /// Where the row stands.
    pub fn place(&self) -> Place<'c> {
        self.place
    }
}

impl Place<'_> {
    /// What a field says, or an error that names its place.
    pub fn read<T>(self, field: &str, expected: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, LoadError> {
        read(field).ok_or_else(|| self.bad(expected, field))
    }

    /// The same for a field that may be empty, which is how these files write *unknown*.
    pub fn known<T>(
        self,
        field: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, LoadError> {
        if field.is_empty() { Ok(None) } else { self.read(field, expected, read).map(Some) }
    }

    /// A whole number.
    pub fn int(self, field: &str) -> Result<i64, LoadError> {
        self.read(field, "a whole number", |text| text.parse().ok())
    }

    fn bad(self, expected: impl Into<String>, found: &str) -> LoadError {
        LoadError::BadLine {
            file: self.file.to_owned(),
            line: self.line,
            expected: expected.into(),
            found: found.to_owned(),
        }
    }
}
