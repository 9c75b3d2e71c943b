//! From a Rust type to the call that describes it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, GenericArgument, Path, PathArguments, Result, Type};

use crate::attributes::{Marks, Role};

/// What a Rust type is taken for.
#[derive(Clone, Copy)]
pub enum Kind<'t> {
    Bool,
    /// An integer that fits into an `i64`.
    Int,
    /// One that may not.
    Wide,
    Number,
    Text,
    /// A list of this type of text.
    Texts(&'t Type),
    Date,
    Instant,
    Time,
    Point,
    Zone,
    Money,
    Consents,
    /// A history of this type of event.
    Events(&'t Type),
    /// Some other type without arguments: a category, unless an attribute says what it is.
    Named,
    /// A list of this type of something that is no text.
    List(&'t Type),
    /// Values of this type by key.
    Map(&'t Type),
    /// Nothing that rules can speak of.
    Other,
}

/// A field that rules see.
pub struct Field<'t> {
    pub ident: &'t Ident,
    pub marks: Marks,
    /// Whether the type was an `Option`.
    pub optional: bool,
    /// The type, without `Option`.
    pub ty: &'t Type,
    pub kind: Kind<'t>,
}

impl<'t> Field<'t> {
    /// Looks at a field's type.
    pub fn new(ident: &'t Ident, ty: &'t Type, marks: Marks) -> Self {
        let ty = bare(ty);
        let inner = match last_segment(ty) {
            Some((name, args)) if name == "Option" => args.first().copied().map(bare),
            _ => None,
        };
        let (optional, ty) = inner.map_or((false, ty), |inner| (true, inner));
        Field { ident, marks, optional, ty, kind: kind(ty) }
    }

    /// The role and the kind, on which all depends.
    pub fn case(&self) -> (Role, Kind<'t>) {
        (self.marks.role, self.kind)
    }

    /// Where the compiler's own complaints about the type should point.
    pub fn span(&self) -> Span {
        Span::mixed_site().located_at(self.ty.span())
    }

    /// A mistake about the type.
    pub fn wrong_type<T>(&self, message: &str) -> Result<T> {
        Err(Error::new_spanned(self.ty, message))
    }

    /// A mistake about the role.
    pub fn wrong_role<T>(&self, message: &str) -> Result<T> {
        Err(Error::new(self.marks.role_span(self.ident.span()), message))
    }
}

/// How values of a field become values of rules.
pub struct Value {
    /// The builder's method.
    method: TokenStream,
    /// An `Option` of the value, made of a reference called [`value`].
    convert: TokenStream,
    /// Whether every value of the Rust type is one in rules.
    total: bool,
}

impl Value {
    /// A conversion that cannot fail.
    pub fn total(method: TokenStream, convert: TokenStream) -> Self {
        Value { method, convert: quote!(::core::option::Option::Some(#convert)), total: true }
    }

    /// A conversion to an `Option`.
    pub fn partial(method: TokenStream, convert: TokenStream) -> Self {
        Value { method, convert, total: false }
    }

    /// The statement that describes a field of such values.
    pub fn describe(self, field: &Field<'_>, name: &str, krate: &Path) -> TokenStream {
        let Value { method, convert, total } = self;
        let (schema, row, value) = (schema(), row(), value());
        let ident = field.ident;
        let from = match field.optional {
            true => quote_spanned!(field.span()=> ::core::option::Option::as_ref(&#row.#ident)),
            false => quote_spanned!(field.span()=> ::core::option::Option::Some(&#row.#ident)),
        };
        let required = (total && !field.optional).then(|| quote!(.required()));
        let pii = field.marks.pii.map(|_| quote!(.pii()));
        let nocase = field.marks.nocase.map(|_| quote!(.nocase()));
        let read = quote_spanned!(field.span()=> |#row| #from.and_then(|#value| #convert));
        match &field.marks.currency {
            None => quote!(let #schema = #schema.#method(#name, #read) #required #pii #nocase;),
            Some(code) => {
                let currency = Ident::new("__currency", Span::mixed_site());
                quote! {
                    let #schema = match #krate::Currency::named(#code) {
                        ::core::option::Option::Some(#currency) => #schema.#method(#name, #currency, #read) #pii,
                        ::core::option::Option::None => #schema,
                    };
                }
            }
        }
    }
}

/// The local name of the builder. Constants in scope could be meant by a name in a pattern: hence the underscores.
pub fn schema() -> Ident {
    Ident::new("__schema", Span::mixed_site())
}

/// The local name of the customer or event.
pub fn row() -> Ident {
    Ident::new("__row", Span::mixed_site())
}

/// The local name of a reference to a field's value.
pub fn value() -> Ident {
    Ident::new("__value", Span::mixed_site())
}

/// How a field that is an attribute of a customer or a property of an event is described.
pub fn attribute(field: &Field<'_>, krate: &Path) -> Result<Value> {
    let (ty, value) = (field.ty, value());
    let from = |target: TokenStream| quote_spanned!(field.span()=> <#target as ::core::convert::From<#ty>>::from(::core::clone::Clone::clone(#value)));
    let text = text();
    let float = quote!(::core::option::Option::Some(::core::primitive::f64::from(*#value)));
    Ok(match field.case() {
        (Role::Currency, Kind::Money | Kind::Named) => {
            Value::partial(quote!(money), quote!(::core::option::Option::Some(*#value)))
        }
        (Role::Currency, Kind::Map(held)) if is_named(held, "Money") => {
            Value::partial(quote!(money_map), quote!(::core::option::Option::Some(#value)))
        }
        (Role::Currency, _) => {
            return field.wrong_role("`currency` belongs to a field of type `Money`, or to a map of it");
        }
        (Role::Percent, Kind::Number) => Value::partial(quote!(percent), float),
        (Role::Percent, _) => return field.wrong_role("`percent` belongs to a field of type `f64`, where 0.2 is 20%"),
        (Role::Distance, Kind::Number) => Value::partial(quote!(distance), float),
        (Role::Distance, _) => return field.wrong_role("`distance` belongs to a field of type `f64`, in metres"),
        (Role::Version, Kind::Text) => Value::partial(quote!(version), quote!(::core::option::Option::Some(#text))),
        (Role::Version, _) => return field.wrong_role("`version` belongs to a field of text: \"3.10.0\""),
        (Role::Category, _) | (_, Kind::Named) => Value::total(quote!(category::<#ty>), quote!(*#value)),
        (_, Kind::Bool) => Value::total(quote!(bool), quote!(*#value)),
        (_, Kind::Int) => Value::total(quote!(int), int()),
        (_, Kind::Wide) => Value::partial(quote!(int), wide(ty)),
        (_, Kind::Number) => Value::partial(quote!(number), float),
        (_, Kind::Text) => Value::total(quote!(text), text),
        (_, Kind::Texts(element)) => {
            Value::total(quote!(texts::<#element>), quote!(<#ty as ::core::convert::AsRef<[#element]>>::as_ref(#value)))
        }
        (_, Kind::Date) => Value::total(quote!(date), from(quote!(#krate::Date))),
        (_, Kind::Instant) => Value::total(quote!(instant), from(quote!(#krate::Instant))),
        (_, Kind::Time) => Value::total(quote!(time), from(quote!(#krate::TimeOfDay))),
        (_, Kind::Point) => Value::total(quote!(point), quote!(*#value)),
        (_, Kind::Money) => {
            return field.wrong_type(
                "money needs its currency: add `currency = \"EUR\"`; amounts of another currency are missing then",
            );
        }
        (_, Kind::Zone) => return field.wrong_type("a zone is an attribute of customers only: `skip` it"),
        (_, Kind::Events(_)) => return field.wrong_type("events belong to customers: `skip` them here"),
        (_, Kind::Map(held)) if is_named(held, "Money") => {
            return field.wrong_type(
                "money needs its currency: add `currency = \"EUR\"`; amounts of another currency are missing then",
            );
        }
        (_, Kind::Map(_)) => Value::total(quote!(map), quote!(#value)),
        (_, Kind::List(element)) => {
            let method = match kind(element) {
                Kind::Int => quote!(ints::<#element>),
                Kind::Date if is_named(element, "Date") => quote!(dates),
                Kind::Named => quote!(categories::<#element>),
                _ => {
                    return field.wrong_type(
                        "a list holds texts, whole numbers, `Date`s or a `Category`; a list of structs is marked `items`, \
                         and a history is `Events<…>`; or `skip` the field",
                    );
                }
            };
            Value::total(method, quote!(<#ty as ::core::convert::AsRef<[#element]>>::as_ref(#value)))
        }
        (_, Kind::Consents) => {
            return field.wrong_type("consents belong to customers: `skip` them here");
        }
        (_, Kind::Other) => {
            return field.wrong_type(
                "rules cannot speak of this type: use bool, a number, text, a list of texts, Date, Instant, TimeOfDay, Point, Money, \
                 a `Category` enum, or an Option of one; or `skip` the field",
            );
        }
    })
}

/// Refuses `nocase` of what has no case.
pub fn textual(field: &Field<'_>) -> Result<()> {
    match (field.marks.nocase, field.kind) {
        (None, _) | (_, Kind::Text | Kind::Texts(_)) => Ok(()),
        (Some(span), _) => {
            Err(Error::new(span, "`nocase` belongs to text, or to a list of texts: nothing else has case"))
        }
    }
}

/// A value as text.
pub fn text() -> TokenStream {
    let value = value();
    quote!(::core::convert::AsRef::<::core::primitive::str>::as_ref(#value))
}

/// A value as it is, in an `Option`.
pub fn copied() -> TokenStream {
    let value = value();
    quote!(::core::option::Option::Some(*#value))
}

/// A value as `i64`.
pub fn int() -> TokenStream {
    let value = value();
    quote!(::core::primitive::i64::from(*#value))
}

/// A value as an `Option<i64>`.
pub fn wide(ty: &Type) -> TokenStream {
    let value = value();
    quote!(<::core::primitive::i64 as ::core::convert::TryFrom<#ty>>::try_from(*#value).ok())
}

/// A type without the parentheses and invisible groups around it.
fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        _ => ty,
    }
}

/// The last name of a path, and its type arguments.
fn last_segment(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|_| path.qself.is_none())?;
    let args = match &segment.arguments {
        PathArguments::AngleBracketed(args) => args.args.iter().collect(),
        _ => Vec::new(),
    };
    let types = args.into_iter().filter_map(|arg| match arg {
        GenericArgument::Type(ty) => Some(bare(ty)),
        _ => None,
    });
    Some((segment.ident.to_string(), types.collect()))
}

fn kind(ty: &Type) -> Kind<'_> {
    if let Type::Reference(reference) = ty {
        return pointee(bare(&reference.elem));
    }
    let Some((name, args)) = last_segment(ty) else { return Kind::Other };
    match (name.as_str(), args.as_slice()) {
        ("bool", []) => Kind::Bool,
        ("i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32", []) => Kind::Int,
        ("i128" | "isize" | "u64" | "u128" | "usize", []) => Kind::Wide,
        ("f32" | "f64", []) => Kind::Number,
        ("String", []) => Kind::Text,
        ("Date" | "NaiveDate", []) => Kind::Date,
        ("TimeOfDay" | "NaiveTime", []) => Kind::Time,
        ("Point", []) => Kind::Point,
        ("Instant", []) | ("DateTime", [_]) => Kind::Instant,
        ("Zone", []) => Kind::Zone,
        ("Money", []) => Kind::Money,
        ("Events", [event]) => Kind::Events(event),
        ("Box" | "Arc" | "Cow", [inner]) => pointee(inner),
        ("Vec", [element]) => list(element),
        ("BTreeMap" | "HashMap", [_, value, ..]) => Kind::Map(value),
        (_, []) => Kind::Named,
        _ => Kind::Other,
    }
}

/// What a pointer to an unsized type is taken for.
fn pointee(ty: &Type) -> Kind<'_> {
    match ty {
        Type::Slice(slice) => list(bare(&slice.elem)),
        _ if is_named(ty, "str") => Kind::Text,
        _ => Kind::Other,
    }
}

fn list(element: &Type) -> Kind<'_> {
    match kind(element) {
        Kind::Text => Kind::Texts(element),
        _ if is_named(element, "Consent") => Kind::Consents,
        _ => Kind::List(element),
    }
}

/// Whether a type's last name is this one.
pub fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|(last, _)| last == name)
}
