//! The structs that can be derived for.

use syn::{Data, DeriveInput, Error, Field, Fields, Ident};

use crate::errors::Errors;

/// The fields of a struct with named fields; for any other type a mistake.
pub fn named_fields<'i>(input: &'i DeriveInput, of: &str, errors: &mut Errors) -> Option<Vec<(&'i Ident, &'i Field)>> {
    plain(input, of, errors);
    let what = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                return Some(fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?, field))).collect());
            }
            Fields::Unnamed(_) => "this one's have none",
            Fields::Unit => "this one has no fields",
        },
        Data::Enum(_) => "this is an enum",
        Data::Union(_) => "this is a union",
    };
    let message = format!("`{of}` is derived for structs whose fields have names, and {what}");
    errors.push(Error::new(input.ident.span(), message));
    None
}

/// Refuses type parameters and lifetimes.
pub fn plain(input: &DeriveInput, of: &str, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        let message = format!(
            "`{of}` is derived for types without parameters: write out the types, own the data instead of borrowing it"
        );
        errors.push(Error::new_spanned(&input.generics, message));
    }
}
