//! `#[derive(Item)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::attributes::{Marks, Names, Role, Words, crate_path};
use crate::errors::Errors;
use crate::event::property;
use crate::structs::named_fields;
use crate::types::{Field, schema};

const WORDS: Words = Words {
    attribute: "item",
    field: &["pii", "nocase", "skip", "rename", "currency", "category", "percent", "distance", "version"],
};

/// Writes the `Item` of a struct.
pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let krate = crate_path(&input.attrs, WORDS.attribute, &mut errors);
    let mut names = Names::default();
    let mut steps = Vec::new();
    for (ident, field) in named_fields(input, "Item", &mut errors).into_iter().flatten() {
        let marks = Marks::read(&field.attrs, &WORDS, &mut errors);
        if marks.role != Role::Skip {
            steps.extend(errors.take(property(&Field::new(ident, &field.ty, marks), &mut names, &krate)));
        }
    }
    let (ident, schema) = (&input.ident, schema());
    errors.finish(quote! {
        #[automatically_derived]
        impl #krate::Item for #ident {
            fn describe(#schema: #krate::ItemSchema<Self>) -> #krate::ItemSchema<Self> {
                #(#steps)*
                #schema
            }
        }
    })
}
