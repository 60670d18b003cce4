# certmonger and strongSwan against our lab: the lab must please clients that others wrote.
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest

from lab import Lab
from peers.process import PeerFailed
from peers.scep_clients import certmonger_caps, certmonger_certificates, strongswan_certificates

REQUEST_AGENT = "1.3.6.1.4.1.311.20.2.1"
CAPS = {"POSTPKIOperation", "Renewal", "SHA-512", "SHA-256", "SHA-1", "DES3"}


def test_certmonger_trusts_the_lab_over_tls():
    with Lab(tls=True) as lab:
        assert set(certmonger_caps(lab.url, lab.ca_file)) == CAPS
        assert len(certmonger_certificates(lab.url, lab.ca_file)) == 3
        with pytest.raises(PeerFailed):
            certmonger_caps(lab.url, lab.other_ca_file)


@pytest.mark.parametrize("variant", ["caps-no-type", "caps-crlf", "caps-no-newline", "healthy"])
def test_certmonger_reads_every_form_of_the_list(variant):
    with Lab([variant]) as lab:
        assert set(certmonger_caps(lab.url)) == CAPS


@pytest.fixture(scope="module", params=["healthy", "ra-first", "ra-mixed", "ra-v2", "ra-subject", "content-empty",
                                        "content-zero"])
def pair(request):
    """Answers with a pair of RA certificates, in every healthy form."""
    with Lab([request.param]) as lab:
        yield lab


def test_certmonger_picks_the_encryption_certificate_first(pair):
    encryption, authority, signing = certmonger_certificates(pair.url)
    assert "Key Encipherment" in encryption and REQUEST_AGENT in encryption
    assert "CA:TRUE" in authority
    assert "Digital Signature" in signing and REQUEST_AGENT in signing


def test_strongswan_tells_ca_and_ra_apart(pair, tmp_path):
    found, output = strongswan_certificates(pair.url, tmp_path)
    assert len(found.ca) == 1 and "CA:TRUE" in found.ca[0]
    assert len(found.ra) == 2 and all(REQUEST_AGENT in ra for ra in found.ra)
    usages = "".join(found.ra)
    assert "Digital Signature" in usages and "Key Encipherment" in usages
    assert output.count("RA cert is trusted") == 2


def test_one_certificate_may_hold_both_roles(tmp_path):
    with Lab(["ra-combined"]) as lab:
        first, authority = certmonger_certificates(lab.url)
        found, _ = strongswan_certificates(lab.url, tmp_path)
    assert "Digital Signature, Key Encipherment" in first and "CA:TRUE" in authority
    assert found.ra == [first]


def test_upper_chain_is_no_ra(tmp_path):
    with Lab(["ca-chain"]) as lab:
        found, output = strongswan_certificates(lab.url, tmp_path)
    assert (len(found.ca), len(found.ra)) == (2, 2)
    assert output.count("RA cert is trusted") == 2


def test_missing_ra_is_missing_for_others_too(tmp_path):
    with Lab(["ra-missing"]) as lab:
        only, = certmonger_certificates(lab.url)
        found, _ = strongswan_certificates(lab.url, tmp_path)
    assert "CA:TRUE" in only
    assert found.ca and not found.ra


@pytest.mark.parametrize("fault", ["ra-expired", "ra-notyet", "ra-foreign"])
def test_strongswan_trusts_no_faulty_ra(fault, tmp_path):
    with Lab([fault]) as lab:
        _, output = strongswan_certificates(lab.url, tmp_path)
    assert "RA cert is trusted" not in output, output
