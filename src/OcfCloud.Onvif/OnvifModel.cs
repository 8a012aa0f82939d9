using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Firmware;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Onvif;

/// <summary>This room's part of the one model.</summary>
public sealed class OnvifModel : IModelContribution
{
    private const int MaxUrlLength = 2048;
    private const int MaxReasonLength = 512;
    private const int MaxClientIdLength = 64;

    /// <inheritdoc/>
    public void Configure(ModelBuilder model)
    {
        ConfigureCameras(model);
        ConfigureShares(model);
        ConfigureIncomingShares(model);
        model.Entity<FirmwareImage>(image =>
        {
            image.ToTable("firmware_images");
            image.HasKey(i => new { i.Model, i.Version });
            image.Property(i => i.Model).HasMaxLength(FirmwareImage.MaxTextLength);
            image.Property(i => i.Version).HasMaxLength(FirmwareImage.MaxTextLength);
        });
    }

    private static void ConfigureCameras(ModelBuilder model)
    {
        model.Entity<Camera>(camera =>
        {
            camera.ToTable("cameras");
            camera.HasKey(c => c.Id);
            camera.Property(c => c.Id).ValueGeneratedNever();
            camera.Property(c => c.ClientId).HasMaxLength(MaxClientIdLength);
            camera.Property(c => c.Reason).HasMaxLength(MaxReasonLength);
            camera.Property(c => c.Manufacturer).HasMaxLength(Camera.MaxTextLength);
            camera.Property(c => c.Model).HasMaxLength(Camera.MaxTextLength);
            camera.Property(c => c.SerialNumber).HasMaxLength(Camera.MaxTextLength);
            camera.Property(c => c.FirmwareVersion).HasMaxLength(Camera.MaxTextLength);
            camera.Property(c => c.HardwareId).HasMaxLength(Camera.MaxTextLength);
            camera.HasIndex(c => c.UserId);
            camera.HasIndex(c => c.ClientId).IsUnique();
            camera.HasIndex(c => c.Model);
        });
        model.Entity<CameraUplink>(uplink =>
        {
            uplink.ToTable("camera_uplinks");
            uplink.HasKey(u => new { u.CameraId, u.Kind });
            uplink.HasIndex(u => u.Node);
            uplink.HasOne<Camera>().WithMany().HasForeignKey(u => u.CameraId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ShareToken>(token =>
        {
            token.ToTable("share_tokens");
            token.HasKey(t => t.Id);
            token.Property(t => t.Id).ValueGeneratedNever();
            token.Property(t => t.Recipient).HasMaxLength(ShareToken.MaxRecipientLength);
            token.HasIndex(t => new { t.CameraId, t.CreatedAt });
            token.HasIndex(t => t.TokenHash).IsUnique();
            token.HasOne<Camera>().WithMany().HasForeignKey(t => t.CameraId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void ConfigureShares(ModelBuilder model)
    {
        model.Entity<Share>(share =>
        {
            share.ToTable("shares");
            share.HasKey(s => s.Id);
            share.Property(s => s.Id).ValueGeneratedNever();
            share.Property(s => s.Reason).HasMaxLength(MaxReasonLength);
            share.Property(s => s.ServerAuthority).HasMaxLength(MaxUrlLength);
            share.HasIndex(s => new { s.CameraId, s.CreatedAt });
            share.HasIndex(s => s.TokenId).IsUnique();
            share.HasIndex(s => s.DueAt);
            share.HasOne<Camera>().WithMany().HasForeignKey(s => s.CameraId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ShareStep>(step =>
        {
            step.ToTable("share_steps");
            step.HasKey(s => new { s.ShareId, s.Number });
            step.Property(s => s.Name).HasMaxLength(64);
            step.Property(s => s.Detail).HasMaxLength(MaxReasonLength);
            step.HasOne<Share>().WithMany().HasForeignKey(s => s.ShareId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<CameraObject>(made =>
        {
            made.ToTable("camera_objects");
            made.HasKey(o => new { o.ShareId, o.Kind, o.Name });
            made.Property(o => o.Name).HasMaxLength(MaxUrlLength);
            made.Property(o => o.Handle).HasMaxLength(MaxUrlLength);
            made.HasOne<Share>().WithMany().HasForeignKey(o => o.ShareId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void ConfigureIncomingShares(ModelBuilder model) => model.Entity<IncomingShare>(share =>
    {
        share.ToTable("incoming_shares");
        share.HasKey(s => s.Id);
        share.Property(s => s.Id).ValueGeneratedNever();
        share.Property(s => s.Reason).HasMaxLength(MaxReasonLength);
        share.Property(s => s.Xaddr).HasMaxLength(MaxUrlLength);
        share.Property(s => s.Manufacturer).HasMaxLength(Camera.MaxTextLength);
        share.Property(s => s.Model).HasMaxLength(Camera.MaxTextLength);
        share.Property(s => s.SerialNumber).HasMaxLength(Camera.MaxTextLength);
        share.Property(s => s.ClientId).HasMaxLength(MaxClientIdLength);
        share.Property(s => s.KeyThumbprint).HasMaxLength(64);
        share.HasIndex(s => new { s.UserId, s.CreatedAt });
        share.HasIndex(s => s.NonceHash).IsUnique();
        share.HasIndex(s => s.ClientId).IsUnique();
        share.HasIndex(s => s.CameraId);
        share.HasIndex(s => s.DueAt);
        share.HasIndex(s => s.DeadlineAt);
    });
}
