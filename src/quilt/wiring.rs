//! How a template takes a database and a search domain that stand beside the stack: by which parameters, and whether at all.

use crate::cloudformation::template::Template;
use crate::quilt::secret::{Login, Secret};

/// PostgreSQL's own port.
pub const PORT: i64 = 5432;

/// Where a database is, as an object beside the stack says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The host alone.
    pub host: String,
    /// The port.
    pub port: i64,
    /// The database inside.
    pub database: String,
}

/// How a template takes a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As one URL: `DBUrl`.
    Url,
    /// In parts: `DBEndpoint`, `DBName`, `DBUser`, `DBPassword`.
    Parts,
}

impl Way {
    /// The way of a template; `None`: it takes no database.
    pub fn of(template: &Template) -> Option<Self> {
        match () {
            () if template.declares("DBUrl") => Some(Self::Url),
            () if template.declares("DBEndpoint") => Some(Self::Parts),
            () => None,
        }
    }

    /// The parameters that need the database's secret.
    pub fn secret_parameters(self) -> &'static [&'static str] {
        match self {
            Self::Url => &["DBUrl"],
            Self::Parts => &["DBUser", "DBPassword"],
        }
    }

    /// All parameters that the object `database` brings.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Url => &["DBUrl", "DBAccessorSecurityGroup"],
            Self::Parts => {
                &["DBEndpoint", "DBName", "DBUser", "DBPassword", "DBAccessorSecurityGroup"]
            }
        }
    }

    /// The values of those that need the secret.
    pub fn secrets(self, login: &Login, place: &Place) -> Vec<(&'static str, Secret)> {
        match self {
            Self::Url => vec![("DBUrl", login.url(&place.host, place.port, &place.database))],
            Self::Parts => vec![
                ("DBUser", login.username.clone().into()),
                ("DBPassword", login.password.clone()),
            ],
        }
    }
}

/// The template makes a database of its own.
pub fn makes_database(template: &Template) -> bool {
    makes(template, "AWS::RDS::")
}

/// The template makes a search domain of its own.
pub fn makes_search(template: &Template) -> bool {
    makes(template, "AWS::Elasticsearch::Domain")
        || makes(template, "AWS::OpenSearchService::Domain")
}

fn makes(template: &Template, kind: &str) -> bool {
    template.resources.values().any(|found| found.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(parameters: &[&str], resource: &str) -> Template {
        let declared: Vec<_> =
            parameters.iter().map(|p| format!("\"{p}\": {{\"Type\": \"String\"}}")).collect();
        let text = format!(
            r#"{{"Parameters": {{{}}}, "Resources": {{"R": {{"Type": "{resource}"}}}}}}"#,
            declared.join(", ")
        );
        Template::parse(&text).unwrap()
    }

    #[test]
    fn parameters_tell_the_way() {
        let topic = "AWS::SNS::Topic";
        assert_eq!(
            Way::of(&template(&["DBUrl", "DBAccessorSecurityGroup"], topic)),
            Some(Way::Url)
        );
        assert_eq!(
            Way::of(&template(&["DBUser", "DBPassword", "DBEndpoint", "DBName"], topic)),
            Some(Way::Parts)
        );
        // A stack with a database of its own asks for user and password too.
        let own = template(&["DBUser", "DBPassword"], "AWS::RDS::DBInstance");
        assert_eq!((Way::of(&own), makes_database(&own), makes_search(&own)), (None, true, false));
        assert!(makes_search(&template(&[], "AWS::Elasticsearch::Domain")));
    }

    #[test]
    fn secrets_go_the_templates_way() {
        let login = Login { username: "root".into(), password: "p@ss".to_string().into() };
        let place = Place { host: "db".into(), port: 5432, database: "quilt".into() };
        assert_eq!(
            Way::Url.secrets(&login, &place),
            [("DBUrl", "postgresql://root:p%40ss@db:5432/quilt".to_string().into())]
        );
        let parts =
            [("DBUser", "root".to_string().into()), ("DBPassword", "p@ss".to_string().into())];
        assert_eq!(Way::Parts.secrets(&login, &place), parts);
    }
}
