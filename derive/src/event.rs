//! `#[derive(Event)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Error, Path, Result};

use crate::attributes::{Marks, Names, Role, Words, crate_path};
use crate::errors::Errors;
use crate::structs::named_fields;
use crate::types::{self, Field, Kind, schema};

const WORDS: Words = Words {
    attribute: "event",
    field: &[
        "at", "sequence", "pii", "nocase", "skip", "rename", "currency", "category", "percent", "distance", "version",
    ],
};

/// Writes the `Event` of a struct.
pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let krate = crate_path(&input.attrs, WORDS.attribute, &mut errors);
    let named = named_fields(input, "Event", &mut errors);
    let is_struct = named.is_some();
    let mut fields: Vec<Field<'_>> = named
        .into_iter()
        .flatten()
        .map(|(ident, field)| Field::new(ident, &field.ty, Marks::read(&field.attrs, &WORDS, &mut errors)))
        .collect();

    let at = taken(&mut fields, Role::At, &mut errors, |field| field.ident == "at");
    let sequence = taken(&mut fields, Role::Sequence, &mut errors, |field| {
        field.ident == "sequence" && !field.optional && matches!(field.kind, Kind::Int | Kind::Wide)
    });
    if at.is_none() && is_struct {
        let message = "an event has an instant: name a field `at`, or mark one with `#[event(at)]`";
        errors.push(Error::new(input.ident.span(), message));
    }
    let at = at.and_then(|field| errors.take(instant(&field, &krate)));
    let sequence = sequence.and_then(|field| errors.take(place(&field)));

    let mut names = Names::default();
    errors.take(names.once("at".to_owned(), input.ident.span()));
    let steps: Vec<TokenStream> = fields
        .iter()
        .filter(|field| field.marks.role != Role::Skip)
        .filter_map(|field| errors.take(property(field, &mut names, &krate)))
        .collect();

    let (ident, schema) = (&input.ident, schema());
    errors.finish(quote! {
        #[automatically_derived]
        impl #krate::Event for #ident {
            #at
            #sequence
            fn describe(#schema: #krate::EventSchema<Self>) -> #krate::EventSchema<Self> {
                #(#steps)*
                #schema
            }
        }
    })
}

/// Takes the field of a role out of the fields: the one marked, else the one that looks like it.
fn taken<'t>(
    fields: &mut Vec<Field<'t>>,
    role: Role,
    errors: &mut Errors,
    looks_like_it: impl Fn(&Field<'_>) -> bool,
) -> Option<Field<'t>> {
    let marked = |field: &Field<'_>| field.marks.role == role;
    let plain = |field: &Field<'_>| field.marks.role == Role::Plain && field.marks.rename.is_none();
    let first = fields
        .iter()
        .position(marked)
        .or_else(|| fields.iter().position(|field| plain(field) && looks_like_it(field)))?;
    let found = fields.remove(first);
    for second in fields.extract_if(.., |field| marked(field)) {
        let word = second.marks.said.map_or("", |(word, _)| word);
        errors.take(second.wrong_role::<()>(&format!("an event has one `{word}`, and another field is it")));
    }
    Some(found)
}

/// The function `at`.
fn instant(field: &Field<'_>, krate: &Path) -> Result<TokenStream> {
    unnamed(field)?;
    if field.optional {
        return field.wrong_type("the instant of an event is never missing: no Option here");
    }
    let (ident, ty) = (field.ident, field.ty);
    Ok(quote_spanned! {field.span()=>
        fn at(&self) -> #krate::Instant {
            <#ty as ::core::convert::Into<#krate::Instant>>::into(::core::clone::Clone::clone(&self.#ident))
        }
    })
}

/// The function `sequence`.
fn place(field: &Field<'_>) -> Result<TokenStream> {
    unnamed(field)?;
    if field.optional || !matches!(field.kind, Kind::Int | Kind::Wide) {
        return field.wrong_type("a sequence is a whole number, and never missing");
    }
    let (ident, ty) = (field.ident, field.ty);
    Ok(quote! {
        fn sequence(&self) -> ::core::primitive::u64 {
            <::core::primitive::u64 as ::core::convert::TryFrom<#ty>>::try_from(self.#ident).unwrap_or(0)
        }
    })
}

/// The statement that describes a property of an event or an item.
pub fn property(field: &Field<'_>, names: &mut Names, krate: &Path) -> Result<TokenStream> {
    let value = types::attribute(field, krate)?;
    types::textual(field)?;
    let name = names.claim(field.ident, field.marks.rename.as_ref())?;
    Ok(value.describe(field, &name, krate))
}

/// Refuses what can be said of properties only.
fn unnamed(field: &Field<'_>) -> Result<()> {
    let said = field.marks.rename.as_ref().map(syn::LitStr::span).or(field.marks.pii).or(field.marks.nocase);
    let message = "this can be said of a property only, not of the instant or the sequence";
    said.map_or(Ok(()), |span| Err(Error::new(span, message)))
}
