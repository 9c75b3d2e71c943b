//! A command line, read as its own help text describes it.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The arguments of an example.
#[derive(Debug, Default)]
pub struct Args {
    named: BTreeMap<String, Vec<String>>,
    plain: Vec<String>,
}

impl Args {
    /// Reads the command line; prints `help` and gives `None` where it was asked for.
    ///
    /// The help text says what there is: a line that begins with `--name` is an option, and takes a value where a word in
    /// capitals follows it (`--as-of DAY`).
    pub fn read(help: &str) -> Result<Option<Self>, String> {
        let args = Self::of(help, std::env::args().skip(1))?;
        if args.has("--help") {
            println!("{}", help.trim());
            return Ok(None);
        }
        Ok(Some(args))
    }

    fn of(help: &str, given: impl Iterator<Item = String>) -> Result<Self, String> {
        let options: BTreeMap<&str, bool> = help
            .lines()
            .map(|line| line.split_whitespace())
            .filter_map(|mut words| {
                let name = words.next().filter(|word| word.starts_with("--"))?;
                let value = words.next().is_some_and(|word| word.chars().all(|c| c.is_ascii_uppercase()));
                Some((name, value))
            })
            .collect();
        let mut args = Args::default();
        let mut given = given;
        while let Some(word) = given.next() {
            if !word.starts_with('-') {
                args.plain.push(word);
                continue;
            }
            let (name, mut value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            let name = if name == "-h" { "--help".to_owned() } else { name };
            let takes_value = match options.get(name.as_str()) {
                Some(&takes_value) => takes_value,
                None if name == "--help" => false,
                None => return Err(format!("there is no option `{name}`; `--help` lists what there is")),
            };
            if takes_value && value.is_none() {
                value = Some(given.next().ok_or_else(|| format!("`{name}` needs a value"))?);
            }
            if !takes_value && value.is_some() {
                return Err(format!("`{name}` takes no value"));
            }
            args.named.entry(name).or_default().extend(value);
        }
        Ok(args)
    }

    /// Whether an option was given.
    pub fn has(&self, name: &str) -> bool {
        self.named.contains_key(name)
    }

    /// The values of an option that may be given several times.
    pub fn all(&self, name: &str) -> &[String] {
        self.named.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The value of an option, as `read` understands it; of several, the last.
    pub fn value<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
        let Some(text) = self.all(name).last() else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| format!("`{name} {text}` cannot be understood"))
    }

    /// A file or folder.
    pub fn path(&self, name: &str, default: PathBuf) -> PathBuf {
        self.all(name).last().map_or(default, PathBuf::from)
    }

    /// What was given without a name.
    pub fn plain(&self) -> &[String] {
        &self.plain
    }
}
