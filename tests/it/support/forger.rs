//! A certificate that the owner of a request makes for its key, signed by a CA of his own.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType, IsCa, Issuer,
    KeyPair, date_time_ymd,
};

use super::browser::Browser;
use super::page::Page;

/// A CA of one's own, and its certificate in DER form.
pub fn own_ca(name: &str) -> (Issuer<'static, KeyPair>, Vec<u8>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    let der = params.self_signed(&key).unwrap().der().to_vec();
    (Issuer::new(params, key), der)
}

/// The CSR of a request, signed by a CA of one's own, and under this name if there is one.
pub async fn forged(browser: &Browser, page: &Page, name: Option<&str>) -> String {
    let csr = browser.get(&format!("{}/request.csr", page.url)).await;
    let mut csr = CertificateSigningRequestParams::from_pem(&csr.body).unwrap();
    if let Some(name) = name {
        let subject = &mut csr.params.distinguished_name;
        subject.push(DnType::CommonName, name);
    }
    csr.params.not_after = date_time_ymd(2040, 1, 1);
    csr.signed_by(&own_ca("Camerfirma").0).unwrap().pem()
}

/// The request's page after this file was shown on it.
pub async fn shown(browser: &Browser, page: &Page, file: &str) -> Page {
    let form = page.form("form#settle");
    let form = form.attach("certificate_file", "a.pem", file.as_bytes());
    browser.submit_and_follow(&form).await.expect_status(200)
}
