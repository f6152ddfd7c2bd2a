using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Products.Pages;

public sealed partial class ProductDialog
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    private ProductFormText _form = new();
    private IReadOnlyDictionary<string, string> _errors = None;
    private int? _seenVersion;
    private bool _isBusy;

    [Inject]
    public required SaveProduct SaveProduct { get; init; }

    [Inject]
    public required UploadProductImage UploadImage { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required IStringLocalizer<ProductsText> Text { get; init; }

    /// <summary>Null makes a new one.</summary>
    [Parameter]
    public Product? Product { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnClose { get; set; }

    /// <summary>Gets the product's name.</summary>
    [Parameter, EditorRequired]
    public required EventCallback<string> OnSaved { get; set; }

    protected override void OnInitialized() => Show(Product);

    private void Show(Product? product)
    {
        _form = product is null ? new ProductFormText() : ProductFormText.Of(product);
        _seenVersion = product?.Version;
    }

    private string? Invalid(string field) => _errors.ContainsKey(field) ? "true" : null;

    private async Task SaveAsync()
    {
        var (form, errors) = _form.Read();
        _errors = errors;
        if (_isBusy || form is null)
        {
            return;
        }

        _isBusy = true;
        try
        {
            await TakeAsync(await SaveProduct.ExecuteAsync(Product?.Id, _seenVersion, form, await CurrentActor.GetAsync(), CancellationToken.None));
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task TakeAsync(SaveProductResult result)
    {
        switch (result)
        {
            case SaveProductResult.Saved:
                await OnSaved.InvokeAsync(_form.Name.Trim());
                break;
            case SaveProductResult.Invalid invalid:
                _errors = invalid.Errors;
                break;
            case SaveProductResult.ChangedMeanwhile meanwhile:
                Show(meanwhile.Current);
                _errors = Fault("changed_meanwhile");
                break;
            case SaveProductResult.NotFound:
                _errors = Fault("not_found");
                break;
        }
    }

    private async Task UploadAsync(InputFileChangeEventArgs chosen)
    {
        _errors = None;
        if (chosen.File.Size > UploadProductImage.MaxBytes)
        {
            _errors = Fault("picture_too_large");
            return;
        }

        _isBusy = true;
        try
        {
            using var bytes = new MemoryStream();
            await using var sent = chosen.File.OpenReadStream(UploadProductImage.MaxBytes);
            await sent.CopyToAsync(bytes);
            switch (await UploadImage.ExecuteAsync(bytes.ToArray(), await CurrentActor.GetAsync(), CancellationToken.None))
            {
                case UploadProductImageResult.Stored stored:
                    _form.ImageUrl = stored.Url;
                    break;
                case UploadProductImageResult.TooLarge:
                    _errors = Fault("picture_too_large");
                    break;
                case UploadProductImageResult.NotAPicture:
                    _errors = Fault("not_a_picture");
                    break;
            }
        }
        finally
        {
            _isBusy = false;
        }
    }

    private static Dictionary<string, string> Fault(string code) => new() { [""] = code };
}
