using System.Text;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels;

public sealed class FlatXmlTests
{
    [Theory]
    [InlineData("<xml><a>1</a></xml>", "1")]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml>\n  <a>1</a>\n</xml>\n", "1")]
    [InlineData("\uFEFF<xml><a>1</a></xml>", "1")]
    [InlineData("<xml><a><![CDATA[1]]></a></xml>", "1")]
    [InlineData("<xml><a>1<!-- x -->2<![CDATA[3]]>4</a></xml>", "1234")]
    [InlineData("<xml><a><!-- 9 -->12</a></xml>", "12")]
    [InlineData("<xml><a b=\"9\">1</a></xml>", "1")]
    [InlineData("<xml><a>&lt;&amp;&#20013;</a></xml>", "<&中")]
    [InlineData("<xml><a> 1 </a></xml>", " 1 ")]
    [InlineData("<xml><a> </a></xml>", " ")]
    [InlineData("<xml><a/></xml>", null)]
    [InlineData("<xml><a></a></xml>", null)]
    [InlineData("<xml/>", null)]
    public void A_field_is_read_as_what_the_xml_means(string xml, string? value) => Assert.Equal(value, Parsed(xml)["a"]);

    [Theory]
    [InlineData("<!DOCTYPE xml><xml><a>1</a></xml>")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE xml [<!ENTITY x \"1\">]><xml><a>&x;</a></xml>")]
    [InlineData("<!DOCTYPE xml SYSTEM \"http://127.0.0.1:1/x.dtd\"><xml><a>1</a></xml>")]
    [InlineData("<!-- first --><!DOCTYPE xml [<!ENTITY % p SYSTEM \"file:///etc/hostname\"> %p;]><xml/>")]
    [InlineData("<xml><!DOCTYPE xml><a>1</a></xml>")]
    [InlineData("<xml><a>&x;</a></xml>")]
    [InlineData("<xml><a><v>1</v></a></xml>")]
    [InlineData("<xml><a><v/></a></xml>")]
    [InlineData("<xml>1<a>1</a></xml>")]
    [InlineData("<xml><![CDATA[1]]><a>1</a></xml>")]
    [InlineData("<root><a>1</a></root>")]
    [InlineData("<XML><a>1</a></XML>")]
    [InlineData("<xml><a>1</a></xml><xml><a>2</a></xml>")]
    [InlineData("<xml><a>1</a></xm")]
    [InlineData("<xml><a>1</b></xml>")]
    [InlineData("<xml><a>&#0;</a></xml>")]
    [InlineData("<xml><a>&#xD800;</a></xml>")]
    [InlineData("<xml xmlns=\"urn:x\"><a>1</a></xml>")]
    [InlineData("<xml><x:a xmlns:x=\"urn:x\">1</x:a></xml>")]
    [InlineData("<xml><?php 1 ?><a>1</a></xml>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"GBK\"?><xml><a>1</a></xml>")]
    [InlineData("{\"a\":\"1\"}")]
    [InlineData("a=1&b=2")]
    [InlineData("")]
    public void What_two_readers_could_read_differently_is_refused(string xml) =>
        Assert.Equal(RejectionReasons.MalformedRequest, Refused(Encoding.UTF8.GetBytes(xml)).Reason);

    [Fact]
    public void A_field_that_comes_twice_is_refused() =>
        Assert.Equal(RejectionReasons.DuplicateField, Refused("<xml><a>1</a><b>2</b><a>1</a></xml>"u8.ToArray()).Reason);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.Equal(RejectionReasons.MalformedRequest, Refused([.. "<xml><a>"u8, 0xD6, 0xD0, .. "</a></xml>"u8]).Reason);

    [Fact]
    public void Long_and_wide_and_deep_documents_are_refused()
    {
        Refused(Encoding.UTF8.GetBytes($"<xml><a>{new string('A', 64 * 1024)}</a></xml>"));
        Refused(Encoding.UTF8.GetBytes($"<xml>{string.Concat(Enumerable.Range(0, 200).Select(i => $"<f{i}>1</f{i}>"))}</xml>"));
        Refused(Encoding.UTF8.GetBytes($"<xml>{string.Concat(Enumerable.Repeat("<a>", 5000))}"));
        Assert.Equal(199, Parsed($"<xml>{string.Concat(Enumerable.Range(0, 199).Select(i => $"<f{i}>1</f{i}>"))}</xml>").Fields.Count);
    }

    [Fact]
    public void A_refusal_never_quotes_the_content() =>
        Assert.DoesNotContain("secret", Refused("<xml><secret>1</mch>"u8.ToArray()).Detail, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_deep_reader_keeps_the_tree_and_the_same_guards()
    {
        var limits = new SafeXmlLimits(1024, 6, 4);
        var tree = Assert.IsType<SafeXmlResult.Parsed>(
            SafeXml.Read("<alipay><is_success>T</is_success><response><trade><id>1</id><!-- 2 --></trade></response></alipay>"u8.ToArray(), "alipay", limits));

        Assert.Equal("1", tree.Root.Element("response")?.Element("trade")?.Element("id")?.Value);
        Assert.IsType<SafeXmlResult.Refused>(SafeXml.Read("<!DOCTYPE a><alipay/>"u8.ToArray(), "alipay", limits));
        Assert.IsType<SafeXmlResult.Refused>(SafeXml.Read("<alipay><a><b><c><d/></c></b></a></alipay>"u8.ToArray(), "alipay", limits));
        Assert.IsType<SafeXmlResult.Refused>(SafeXml.Read("<alipay><a/><a/><a/><a/><a/><a/></alipay>"u8.ToArray(), "alipay", limits));
        Assert.IsType<SafeXmlResult.Refused>(SafeXml.Read(Encoding.UTF8.GetBytes($"<alipay>{new string(' ', 1024)}</alipay>"), "alipay", limits));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("<b>&amp;</b>")]
    [InlineData("]]>")]
    [InlineData("a]]>b]]>c")]
    [InlineData("]]]]>>")]
    [InlineData("新字段 🙂")]
    [InlineData("<!DOCTYPE x>")]
    [InlineData(" lines\nand blanks ")]
    public void What_is_written_is_read_again_unchanged(string value)
    {
        var bytes = FlatXml.Write("xml", [new("a", value), new("b", "2")]);

        var xml = Assert.IsType<FlatXmlResult.Parsed>(FlatXml.Read(bytes, "xml")).Xml;
        Assert.Equal([new("a", value), new("b", "2")], xml.Fields);
        Assert.Equal((byte)'<', bytes[0]);
    }

    [Fact]
    public void A_character_that_XML_cannot_carry_is_never_written() =>
        Assert.Throws<ArgumentException>(() => FlatXml.Write("xml", [new("a", "\0")]));

    private static FlatXml Parsed(string xml) => Assert.IsType<FlatXmlResult.Parsed>(FlatXml.Read(Encoding.UTF8.GetBytes(xml), "xml")).Xml;

    private static FlatXmlResult.Refused Refused(byte[] xml) => Assert.IsType<FlatXmlResult.Refused>(FlatXml.Read(xml, "xml"));
}
