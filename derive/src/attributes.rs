//! Reading `#[profile(…)]`, `#[event(…)]`, `#[item(…)]` and `#[category(…)]`.

use std::collections::HashSet;

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Lit, LitStr, Path, Result, Token, parse_quote};

use crate::errors::Errors;

/// What one of the macros accepts.
pub struct Words {
    /// The attribute: `profile`.
    pub attribute: &'static str,
    /// What it may say of a field.
    pub field: &'static [&'static str],
}

/// What a field is marked as. A field has one role at most.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Plain,
    Id,
    Category,
    Events,
    Items,
    Consents,
    Contacts,
    List,
    Zone,
    Percent,
    Distance,
    Version,
    Currency,
    At,
    Sequence,
    Skip,
}

/// What the attributes of a field say.
pub struct Marks {
    pub role: Role,
    /// The word that gave the role, and where it stands.
    pub said: Option<(&'static str, Span)>,
    /// A known code, where the role is [`Role::Currency`].
    pub currency: Option<String>,
    pub rename: Option<LitStr>,
    pub pii: Option<Span>,
    pub nocase: Option<Span>,
    /// The field that says as of when this one is known.
    pub as_of: Option<LitStr>,
    /// With whom contacts are shared, and where that stands.
    pub shared: Option<(&'static str, Span)>,
}

/// With whom contacts can be shared, each with the variant of `Sharing`.
pub const SHARINGS: [(&str, &str); 3] = [("household", "Household"), ("address", "Address"), ("identity", "Identity")];

impl Marks {
    /// Reads the attributes of a field.
    pub fn read(attributes: &[Attribute], words: &Words, errors: &mut Errors) -> Self {
        let mut marks = Marks {
            role: Role::Plain,
            said: None,
            currency: None,
            rename: None,
            pii: None,
            nocase: None,
            as_of: None,
            shared: None,
        };
        each(attributes, words.attribute, errors, |meta, errors| {
            match words.field.iter().find(|word| meta.path.is_ident(word)) {
                Some(word) => marks.mark(word, meta, errors),
                None => Err(unknown(meta, words.field)),
            }
        });
        if let Some((word, span)) = marks.shared.filter(|_| marks.role != Role::Contacts) {
            errors.push(Error::new(span, format!("`{word}` says whose contacts these are: write `contacts, {word}`")));
        }
        let said = marks.rename.as_ref().or(marks.as_of.as_ref()).map(LitStr::span).or(marks.pii).or(marks.nocase);
        if let (Role::Skip, Some(span)) = (marks.role, said) {
            errors.push(Error::new(span, "a skipped field is not seen by rules: nothing else can be said of it"));
        }
        marks
    }

    fn mark(&mut self, word: &'static str, meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> Result<()> {
        let role = match word {
            "household" | "address" | "identity" => {
                if let Some((other, _)) = self.shared.replace((word, meta.path.span())) {
                    let message = match other == word {
                        true => format!("`{word}` is said twice"),
                        false => format!("`{other}` and `{word}` exclude each other: each has a field of its own"),
                    };
                    errors.push(meta.error(message));
                }
                return Ok(());
            }
            "pii" => {
                self.pii = Some(meta.path.span());
                return Ok(());
            }
            "nocase" => {
                self.nocase = Some(meta.path.span());
                return Ok(());
            }
            "rename" => {
                if self.rename.replace(string(meta)?).is_some() {
                    errors.push(meta.error("`rename` is said twice"));
                }
                return Ok(());
            }
            "as_of" => {
                if self.as_of.replace(string(meta)?).is_some() {
                    errors.push(meta.error("`as_of` is said twice"));
                }
                return Ok(());
            }
            "currency" => {
                self.currency = errors.take(string(meta).and_then(|code| currency(&code)));
                Role::Currency
            }
            "id" => Role::Id,
            "category" => Role::Category,
            "events" => Role::Events,
            "items" => Role::Items,
            "consents" => Role::Consents,
            "contacts" => Role::Contacts,
            "list" => Role::List,
            "zone" => Role::Zone,
            "percent" => Role::Percent,
            "distance" => Role::Distance,
            "version" => Role::Version,
            "at" => Role::At,
            "sequence" => Role::Sequence,
            _ => Role::Skip,
        };
        match self.said {
            Some((other, _)) if other == word => errors.push(meta.error(format!("`{word}` is said twice"))),
            Some((other, _)) => {
                errors.push(meta.error(format!("`{other}` and `{word}` exclude each other: a field is one thing")));
            }
            None => (self.role, self.said) = (role, Some((word, meta.path.span()))),
        }
        Ok(())
    }

    /// Where the role was given.
    pub fn role_span(&self, otherwise: Span) -> Span {
        self.said.map_or(otherwise, |(_, span)| span)
    }
}

/// Hands what stands in the attributes of a name to a function, piece by piece, past mistakes.
pub fn each(
    attributes: &[Attribute],
    name: &str,
    errors: &mut Errors,
    mut read: impl FnMut(&ParseNestedMeta<'_>, &mut Errors) -> Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        let all = attribute.parse_nested_meta(|meta| {
            if let Err(error) = read(&meta, errors) {
                errors.push(error);
                past(&meta)?;
            }
            Ok(())
        });
        errors.take(all);
    }
}

/// Goes past the value of a piece that is not understood.
fn past(meta: &ParseNestedMeta<'_>) -> Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        meta.parse_nested_meta(|inner| past(&inner))?;
    }
    Ok(())
}

/// Where the generated code finds the crate: `::nextbest`, or what `crate = "…"` says.
pub fn crate_path(attributes: &[Attribute], name: &str, errors: &mut Errors) -> Path {
    let mut path = parse_quote!(::nextbest);
    each(attributes, name, errors, |meta, _| {
        if !meta.path.is_ident("crate") {
            return Err(unknown(meta, &["crate"]));
        }
        path = string(meta)?.parse()?;
        Ok(())
    });
    path
}

/// The text after `=`.
pub fn string(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let mut value: Expr = meta.value()?.parse()?;
    // A text that a `macro_rules!` hands on comes in an invisible group.
    while let Expr::Group(group) = value {
        value = *group.expr;
    }
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text),
        other => Err(Error::new_spanned(other, "expected text in quotes")),
    }
}

/// The mistake of a word that is not one of those understood.
pub fn unknown(meta: &ParseNestedMeta<'_>, words: &[&str]) -> Error {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    Error::new(meta.path.span(), format!("unknown attribute: expected {}", words.join(", ")))
}

fn currency(code: &LitStr) -> Result<String> {
    let value = code.value();
    let capitals = value.len() == 3 && value.bytes().all(|b| b.is_ascii_uppercase());
    match iso_currency::Currency::from_code(&value) {
        Some(_) if capitals => Ok(value),
        _ if capitals => Err(Error::new(code.span(), format!("`{value}` is no ISO 4217 currency"))),
        _ => Err(Error::new(code.span(), "a currency is three capital letters: \"EUR\"")),
    }
}

/// The names given so far, each of which may be given once.
#[derive(Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// Takes a name that stands for something in rules, `rename` before the field's own.
    pub fn claim(&mut self, field: &syn::Ident, rename: Option<&LitStr>) -> Result<String> {
        let (name, span) = match rename {
            Some(rename) => (rename.value(), rename.span()),
            None => (syn::ext::IdentExt::unraw(field).to_string(), field.span()),
        };
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let message = format!("`{name}` is no name in rules: letters a-z, digits and `_`, not a digit first");
            return Err(Error::new(span, message));
        }
        self.once(name, span)
    }

    /// Takes any name.
    pub fn once(&mut self, name: String, span: Span) -> Result<String> {
        match self.0.insert(name.clone()) {
            true => Ok(name),
            false => Err(Error::new(span, format!("the name `{name}` is taken already"))),
        }
    }
}
