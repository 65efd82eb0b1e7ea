"""The currency codes of ISO 4217, for figures that are asked in a currency without words here.

Source: ISO 4217:2015, list one (current currencies), as its maintenance agency SIX publishes it;
BGN and HRK, which the euro replaced, still stand in old advertisements.
"""

from __future__ import annotations

_LIST = """
AED AFN AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP COP CRC CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KHR KMF KPW KRW KWD KYD KZT
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
NPR NZD OMR PAB PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD
XOF XPF YER ZAR ZMW
"""
# Left out, since beside a number they are other words: ALL, TOP, CUP, PEN and KGS (kilograms).
FOREIGN_CODES = frozenset(_LIST.split())
"""Every code but CNY."""
