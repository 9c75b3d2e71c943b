//! What is known of who lives in a household: bands, as the survey had them.
//!
//! Each is an enum, so that a rule which asks for an age of `"35-40"` is refused when the rules are bound.

use nextbest::Category;

/// Writes an enum of named bands, and how to read one from its name.
macro_rules! bands {
    ($(#[$doc:meta])* $enum:ident { $($variant:ident = $name:tt,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Category)]
        pub enum $enum {
            $(#[category(rename = $name)] $variant,)*
        }

        impl $enum {
            /// The band of this name.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some($enum::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

bands! {
    /// Years, of the head of the household.
    Age {
        To24 = "19-24",
        To34 = "25-34",
        To44 = "35-44",
        To54 = "45-54",
        To64 = "55-64",
        Older = "65+",
    }
}

bands! {
    /// Dollars a year.
    Income {
        Under15 = "Under 15K",
        To24 = "15-24K",
        To34 = "25-34K",
        To49 = "35-49K",
        To74 = "50-74K",
        To99 = "75-99K",
        To124 = "100-124K",
        To149 = "125-149K",
        To174 = "150-174K",
        To199 = "175-199K",
        To249 = "200-249K",
        Over250 = "250K+",
    }
}

bands! {
    /// Whether they own or rent their home.
    HomeOwnership {
        Homeowner = "Homeowner",
        ProbableHomeowner = "Probable Homeowner",
        Renter = "Renter",
        ProbableRenter = "Probable Renter",
    }
}

bands! {
    /// Whether they are married.
    MaritalStatus {
        Married = "Married",
        Unmarried = "Unmarried",
    }
}

bands! {
    /// People.
    HouseholdSize {
        One = "1",
        Two = "2",
        Three = "3",
        Four = "4",
        More = "5+",
    }
}

bands! {
    /// Adults and children.
    HouseholdComp {
        OneAdultKids = "1 Adult Kids",
        OneAdult = "1 Adult No Kids",
        TwoAdultsKids = "2 Adults Kids",
        TwoAdults = "2 Adults No Kids",
    }
}

bands! {
    /// Children.
    KidsCount {
        None = "0",
        One = "1",
        Two = "2",
        More = "3+",
    }
}
