//! `#[derive(Profile)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Error, Ident, LitStr, Path, Result};

use crate::attributes::{Marks, Names, Role, SHARINGS, Words, crate_path};
use crate::errors::Errors;
use crate::structs::named_fields;
use crate::types::{self, Field, Kind, Value, row, schema, value};

const WORDS: Words = Words {
    attribute: "profile",
    field: &[
        "id",
        "pii",
        "nocase",
        "skip",
        "rename",
        "currency",
        "category",
        "events",
        "items",
        "consents",
        "contacts",
        "household",
        "address",
        "identity",
        "list",
        "zone",
        "percent",
        "distance",
        "version",
        "as_of",
    ],
};

/// Writes the `Profile` of a struct.
pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let krate = crate_path(&input.attrs, WORDS.attribute, &mut errors);
    let mut customer = Customer {
        krate: &krate,
        attributes: Names::default(),
        events: Names::default(),
        lists: Names::default(),
        once: vec![],
        shared: vec![],
    };
    let mut steps = Vec::new();
    for (ident, field) in named_fields(input, "Profile", &mut errors).into_iter().flatten() {
        let marks = Marks::read(&field.attrs, &WORDS, &mut errors);
        if marks.role != Role::Skip {
            steps.extend(errors.take(customer.describe(&Field::new(ident, &field.ty, marks))));
        }
    }
    let (ident, schema) = (&input.ident, schema());
    errors.finish(quote! {
        #[automatically_derived]
        impl #krate::Profile for #ident {
            fn describe(#schema: #krate::Schema<Self>) -> #krate::Schema<Self> {
                #(#steps)*
                #schema
            }
        }
    })
}

/// What is described already.
struct Customer<'c> {
    krate: &'c Path,
    attributes: Names,
    events: Names,
    lists: Names,
    /// The roles that one field has, of those that one field may have.
    once: Vec<Role>,
    /// With whom contacts are shared that some field holds.
    shared: Vec<&'static str>,
}

impl Customer<'_> {
    /// The statement that describes one field.
    fn describe(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        match field.case() {
            (Role::Events, _) => self.events(field),
            (Role::Plain, Kind::Events(event)) if types::is_named(event, "Contact") => {
                field.wrong_type("say what these are: add `contacts`, or `events` if `Contact` is an event of your own")
            }
            (Role::Plain, Kind::Events(_)) => self.events(field),
            (Role::Items, _) => self.items(field),
            (Role::Consents, _) => self.consents(field),
            (Role::Plain, Kind::Consents) => field.wrong_type("say that these are the customer's: add `consents`"),
            (Role::Contacts, _) => self.contacts(field),
            (Role::List, _) => self.list(field),
            (Role::Id, _) => self.id(field),
            (Role::Zone, _) | (Role::Plain, Kind::Zone) => self.zone(field),
            _ => self.attribute(field, types::attribute(field, self.krate)?),
        }
    }

    fn attribute(&mut self, field: &Field<'_>, value: Value) -> Result<TokenStream> {
        types::textual(field)?;
        let name = self.attributes.claim(field.ident, field.marks.rename.as_ref())?;
        let described = value.describe(field, &name, self.krate);
        let as_of = field.marks.as_of.as_ref().map(|named| self.as_of(named)).transpose()?;
        Ok(quote!(#described #as_of))
    }

    /// As of when the attribute just described is known: an `Instant`, or an Option of one.
    fn as_of(&self, named: &LitStr) -> Result<TokenStream> {
        let (krate, schema, row) = (self.krate, schema(), row());
        let other: Ident = named.parse()?;
        Ok(quote_spanned! {named.span()=>
            let #schema = #schema.as_of(
                |#row| ::core::convert::Into::<::core::option::Option<#krate::Instant>>::into(#row.#other),
            );
        })
    }

    fn id(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        self.only(field, Role::Id, "a customer has one id, and another field is it")?;
        let value = match field.kind {
            Kind::Text => Value::total(quote!(id_text), types::text()),
            Kind::Int => Value::total(quote!(id_int), types::int()),
            Kind::Wide => Value::partial(quote!(id_int), types::wide(field.ty)),
            _ => return field.wrong_type("an id is text or a whole number"),
        };
        self.attribute(field, value)
    }

    fn zone(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        self.only(field, Role::Zone, "a customer has one zone, and another field is it: `skip` this one")?;
        let (krate, text, value) = (self.krate, types::text(), value());
        let value = match field.kind {
            Kind::Zone | Kind::Named => Value::total(quote!(zone), quote!(*#value)),
            Kind::Text => Value::partial(quote!(zone), quote!(#krate::Zone::named(#text))),
            _ => return field.wrong_type("a zone is a `Zone`, or text that names one: \"Europe/Amsterdam\""),
        };
        self.attribute(field, value)
    }

    fn events(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        let event = match field.kind {
            Kind::Events(event) => quote!(::<#event>),
            Kind::Named => TokenStream::new(),
            _ => return field.wrong_type("events are held in an `Events<…>`"),
        };
        present(field, "a history is there always, if empty: use `Events` without Option")?;
        not_pii(field)?;
        let name = self.events.claim(field.ident, field.marks.rename.as_ref())?;
        let (schema, row, ident) = (schema(), row(), field.ident);
        Ok(quote_spanned!(field.span()=> let #schema = #schema.events #event(#name, |#row| &#row.#ident);))
    }

    fn items(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        let item = match field.kind {
            Kind::List(item) if types::is_named(field.ty, "Vec") => item,
            _ => return field.wrong_type("items are held in a `Vec<…>`, or an Option of one where it may be missing"),
        };
        not_pii(field)?;
        let name = self.attributes.claim(field.ident, field.marks.rename.as_ref())?;
        self.events.claim(field.ident, field.marks.rename.as_ref())?;
        let (schema, row, ident) = (schema(), row(), field.ident);
        Ok(match field.optional {
            true => quote_spanned! {field.span()=>
                let #schema = #schema
                    .items_if_known::<#item>(#name, |#row| ::core::option::Option::as_ref(&#row.#ident));
            },
            false => quote_spanned!(field.span()=> let #schema = #schema.items::<#item>(#name, |#row| &#row.#ident);),
        })
    }

    fn list(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        if !matches!(field.kind, Kind::Bool) {
            return field.wrong_type("being on a list is a `bool`, or an Option of one where that may be unknown");
        }
        not_pii(field)?;
        let name = self.lists.claim(field.ident, field.marks.rename.as_ref())?;
        Ok(Value::partial(quote!(list), types::copied()).describe(field, &name, self.krate))
    }

    fn consents(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        if !matches!(field.kind, Kind::Consents | Kind::Named) {
            return field.wrong_type("consents are held in a `Vec<Consent>`");
        }
        present(field, "consents are there always, if empty: use a list without Option")?;
        self.only(field, Role::Consents, "a customer's consents are one field, and another one is it")?;
        unnamed(field)?;
        let (krate, schema, row, ident, ty) = (self.krate, schema(), row(), field.ident, field.ty);
        Ok(quote_spanned! {field.span()=>
            let #schema = #schema
                .consents(|#row| <#ty as ::core::convert::AsRef<[#krate::Consent]>>::as_ref(&#row.#ident));
        })
    }

    fn contacts(&mut self, field: &Field<'_>) -> Result<TokenStream> {
        if !matches!(field.kind, Kind::Events(_) | Kind::Named) {
            return field.wrong_type("contacts are held in an `Events<Contact>`");
        }
        unnamed(field)?;
        if let Some((word, span)) = field.marks.shared {
            return self.shared(field, word, span);
        }
        self.only(field, Role::Contacts, "a customer's contacts are one field, and another one is it")?;
        let (schema, row, ident) = (schema(), row(), field.ident);
        Ok(match field.optional {
            true => quote_spanned! {field.span()=>
                let #schema = #schema.contacts_if_known(|#row| ::core::option::Option::as_ref(&#row.#ident));
            },
            false => quote_spanned!(field.span()=> let #schema = #schema.contacts(|#row| &#row.#ident);),
        })
    }

    /// Contacts of all with whom the customer shares something.
    fn shared(&mut self, field: &Field<'_>, word: &'static str, span: Span) -> Result<TokenStream> {
        if self.shared.contains(&word) {
            return Err(Error::new(span, format!("the contacts of one {word} are one field, and another one is it")));
        }
        self.shared.push(word);
        let variant = SHARINGS.iter().find(|(known, _)| *known == word).map_or(word, |(_, variant)| variant);
        let (krate, schema, row, ident, variant) =
            (self.krate, schema(), row(), field.ident, Ident::new(variant, span));
        let read = match field.optional {
            true => quote!(::core::option::Option::as_ref(&#row.#ident)),
            false => quote!(::core::option::Option::Some(&#row.#ident)),
        };
        Ok(quote_spanned! {field.span()=>
            let #schema = #schema.shared_contacts(#krate::Sharing::#variant, |#row| #read);
        })
    }

    /// Refuses a second field in a role.
    fn only(&mut self, field: &Field<'_>, role: Role, message: &str) -> Result<()> {
        if self.once.contains(&role) {
            return field.wrong_role(message);
        }
        self.once.push(role);
        Ok(())
    }
}

fn present(field: &Field<'_>, message: &str) -> Result<()> {
    if field.optional { field.wrong_type(message) } else { Ok(()) }
}

fn not_pii(field: &Field<'_>) -> Result<()> {
    let (word, span) = match (field.marks.pii, field.marks.nocase) {
        (Some(span), _) => ("pii", span),
        (None, Some(span)) => ("nocase", span),
        (None, None) => return undated(field),
    };
    Err(Error::new(span, format!("`{word}` belongs to an attribute, or to a property of an event or item")))
}

fn undated(field: &Field<'_>) -> Result<()> {
    let message = "`as_of` belongs to an attribute";
    field.marks.as_of.as_ref().map_or(Ok(()), |named| Err(Error::new(named.span(), message)))
}

/// Refuses what can be said of fields with a name in rules only.
fn unnamed(field: &Field<'_>) -> Result<()> {
    not_pii(field)?;
    let message = "rules do not call this field by a name";
    field.marks.rename.as_ref().map_or(Ok(()), |rename| Err(Error::new(rename.span(), message)))
}
